const SHANGHAI_MS = 8 * 60 * 60 * 1000;
const WEEKDAYS = "日一二三四五六";

/**
 * An instant as the company's clock shows it, whatever zone the phone is in.
 * @param {string} iso UTC, with or without fractions of a second (some phones only read three digits of them)
 */
function there(iso) {
  return new Date(Date.parse(iso.replace(/(\.\d{3})\d+/, "$1")) + SHANGHAI_MS);
}

/** @param {Date} date */
function yearOf(date) {
  const now = new Date(Date.now() + SHANGHAI_MS);
  return date.getUTCFullYear() === now.getUTCFullYear() ? "" : `${date.getUTCFullYear()}年`;
}

/** @param {Date} date */
function dayOf(date) {
  return `${yearOf(date)}${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}

/**
 * 09:30
 * @param {string | null} iso
 */
function time(iso) {
  return iso ? there(iso).toISOString().slice(11, 16) : "";
}

/**
 * 3月2日 09:30
 * @param {string | null} iso
 */
function moment(iso) {
  return iso ? `${dayOf(there(iso))} ${time(iso)}` : "";
}

/**
 * 3月2日 周一
 * @param {string} text 2026-03-02
 */
function day(text) {
  const date = new Date(`${text}T00:00:00Z`);
  return `${dayOf(date)} 周${WEEKDAYS[date.getUTCDay()]}`;
}

/**
 * 2026年3月
 * @param {string} text the first day of the month
 */
function month(text) {
  return `${Number(text.slice(0, 4))}年${Number(text.slice(5, 7))}月`;
}

/**
 * When leave can no longer be taken.
 * @param {string} text the last day; the year 9999 means never
 */
function expiry(text) {
  return text.startsWith("9999") ? "长期有效" : `${day(text)}到期`;
}

/**
 * The empty places before a day in a row that begins on Monday.
 * @param {string} text the day, or nothing
 * @returns {any[]}
 */
function blanks(text) {
  const weekday = text ? (new Date(`${text}T00:00:00Z`).getUTCDay() + 6) % 7 : 0;
  return Array.from({ length: weekday }, (_, place) => ({ key: `blank-${place}` }));
}

/** The present day of the company: 2026-03-02. */
function today() {
  return new Date(Date.now() + SHANGHAI_MS).toISOString().slice(0, 10);
}

/**
 * 12,345.67
 * @param {string | null | undefined} amount 12345.67, as it travels
 */
function money(amount) {
  return amount ? amount.replace(/\B(?=(\d{3})+\.)/g, ",") : "";
}

module.exports = { time, moment, day, month, expiry, blanks, today, money };
