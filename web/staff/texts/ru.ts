import type { StaffTexts } from "./en.js";

export const ru: StaffTexts = {
  signIn: "Войти",
  signInFor: "Только для сотрудников оператора",
  login: "Имя для входа",
  password: "Пароль",
  signInElsewhere: "Войти через учётную запись компании",
  signingIn: "Выполняется вход…",
  signedOut: "Сеанс завершён. После входа всё будет показано в актуальном состоянии.",
  signOut: "Выйти",
  signOutEverywhere: "Выйти на всех устройствах",
  failed: "Не получилось. Пожалуйста, попробуйте ещё раз.",
  lost: "Нет связи. Мы продолжаем попытки.",
  noRole: "У вашей учётной записи нет роли для этой страницы.",
  language: "Язык",
  colours: "Цвета",
  themes: { system: "Как в системе", light: "Светлые", dark: "Тёмные" },
  more: "Ещё",
  close: "Закрыть",
};
