"""Postfix and Dovecot of the system, started privately on loopback with all they need in one folder.

Postfix has to be started by root; Dovecot runs as anybody. Mail for any address at the domains
given is put by Postfix, over LMTP, into the Dovecot mailbox of its local part, without what follows
a `+`; every mailbox has the same password.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port
from tests.support.processes import end

PASSWORD = "only-for-tests"
PATIENCE = 20.0

DOVECOT = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
recipient_delimiter = +
auth_username_format = %Ln
lmtp_rcpt_check_quota = no
mail_location = maildir:~/Maildir
first_valid_uid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%n allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service stats {{
  chroot =
}}
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {base}/postfix.log
maillog_file_prefixes = {base}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.meadow.example
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = meadow.example customer.example
virtual_mailbox_maps = regexp:{base}/known
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
default_transport = error:5.1.2 no mail leaves this machine
smtputf8_enable = no
smtpd_tls_security_level = none
minimal_backoff_time = 1s
queue_run_delay = 1s
virtual_alias_maps = regexp:{base}/aliases
"""

MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class MailServers:
    """Where the servers listen, and where Dovecot keeps the mailboxes."""

    smtp: int
    imap: int
    lmtp: int
    folder: Path

    def mailbox(self, name: str) -> list[bytes]:
        """What is in the inbox of `name`, as delivered, oldest first."""
        found: list[Path] = []
        for folder in ("new", "cur"):
            place = self.folder / "mail" / name / "Maildir" / folder
            found += place.iterdir() if place.is_dir() else ()
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.name)]

    def imap_url(self, name: str) -> str:
        """The setting that reads the mailbox of `name`."""
        return f"imap://{name}:{PASSWORD}@127.0.0.1:{self.imap}/INBOX"


def missing(*programs: str) -> str:
    """What keeps these servers from being started; empty when nothing does."""
    for name in programs:
        if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
            return f"there is no {name}; bin/setup mail-servers installs it"
    if "postfix" in programs and os.geteuid() != 0:
        return "Postfix has to be started by root"
    return ""


@contextmanager
def running_dovecot() -> Iterator[MailServers]:
    """Dovecot alone, which takes mail by LMTP."""
    with _folder() as base:
        servers = MailServers(0, free_port(), free_port(), base)
        with _dovecot(servers):
            yield servers


@contextmanager
def running_mail_servers() -> Iterator[MailServers]:
    """Both servers, within the block."""
    with _folder() as base:
        servers = MailServers(free_port(), free_port(), free_port(), base)
        with _dovecot(servers), _postfix(servers):
            yield servers


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of their own: the users they run as may not enter those of pytest."""
    with tempfile.TemporaryDirectory(prefix="mail-servers-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _dovecot(servers: MailServers) -> Iterator[None]:
    base = servers.folder
    root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody" if root else getpass.getuser())
    (base / "mail").mkdir()
    os.chown(base / "mail", owner.pw_uid, owner.pw_gid)
    config = base / "dovecot.conf"
    config.write_text(DOVECOT.format(
        base=base, imap=servers.imap, lmtp=servers.lmtp, password=PASSWORD,
        uid=owner.pw_uid, gid=owner.pw_gid, login="dovenull" if root else owner.pw_name,
        internal="dovecot" if root else owner.pw_name,
        group="dovecot" if root else str(owner.pw_gid),
    ))  # fmt: skip
    process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)])
    try:
        _wait_for(servers.imap, base / "dovecot.log")
        _wait_for(servers.lmtp, base / "dovecot.log")
        yield
    finally:
        end(process, within=PATIENCE)


@contextmanager
def _postfix(servers: MailServers) -> Iterator[None]:
    base = servers.folder / "postfix"
    (base / "queue").mkdir(parents=True)
    (base / "data").mkdir()
    owner = pwd.getpwnam("postfix")
    os.chown(base / "data", owner.pw_uid, owner.pw_gid)
    (base / "main.cf").write_text(MAIN.format(base=base, lmtp=servers.lmtp))
    (base / "master.cf").write_text(MASTER.format(smtp=servers.smtp))
    # Everybody is known but `nobody`; mail to `gone` is taken and then sent back as undeliverable.
    (base / "known").write_text("if !/^nobody@/\n/./ known\nendif\n")
    (base / "aliases").write_text("/^gone@customer\\.example$/ gone@away.invalid\n")
    command = ["/usr/sbin/postfix", "-c", str(base)]
    subprocess.run([*command, "start"], check=True, timeout=PATIENCE, capture_output=True)
    try:
        _wait_for(servers.smtp, base / "postfix.log")
        yield
    finally:
        subprocess.run([*command, "stop"], check=False, timeout=PATIENCE, capture_output=True)


def _wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens: {log.read_text() if log.exists() else 'no log'}")
