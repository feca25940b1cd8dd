// The kinds of value that an expression knows, and how one becomes another, as in XPath 1.0.
// services/surveys/model/logic/values.py does the same on the server: a number, a text, true or false, or several of them.

import * as moments from "./moments.js";

export const LONGEST_TEXT = 10_000;
const NUMBER = /^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/;
const EDGES = /^[ \t\r\n]+|[ \t\r\n]+$/g;

export const trimmed = (written) => written.replace(EDGES, "");
export const characters = (written) => Array.from(written);

export function taken(answer) {
  return Array.isArray(answer) ? answer.map(scalar) : scalar(answer);
}

function scalar(answer) {
  return ["boolean", "string", "number"].includes(typeof answer) ? answer : "";
}

// A question's stored answer in the form that `taken` expects: chosen codes are one text with blanks between.
export function answerText(answer) {
  if (Array.isArray(answer)) return answer.map(String).join(" ");
  return typeof answer === "object" ? "" : answer;
}

export const several = (value) => (Array.isArray(value) ? value : [value]);

export function first(value) {
  if (!Array.isArray(value)) return value;
  return value.length ? value[0] : "";
}

export function truth(value) {
  if (typeof value === "number") return !Number.isNaN(value) && value !== 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

export function number(given) {
  const value = first(given);
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const written = trimmed(value);
  if (NUMBER.test(written)) return Number(written);
  const moment = moments.read(written);
  return moment ? moments.days(moment) : NaN;
}

export function text(given) {
  const value = first(given);
  return typeof value === "number" ? plain(value) : String(value);
}

export const words = (value) => text(value).match(/[^ \t\r\n]+/g) || [];

// The fewest digits that tell a number from every other, and never an exponent.
export function plain(value) {
  if (value === 0) return "0";
  const written = String(value);
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(written);
  if (!parts) return written;
  const digits = parts[2] + (parts[3] || "");
  const point = parts[2].length + Number(parts[4]);
  if (point <= 0) return `${parts[1]}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return parts[1] + digits + "0".repeat(point - digits.length);
  return `${parts[1]}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function equal(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  return several(left).some((a) => several(right).some((b) => same(a, b)));
}

export function unequal(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) !== truth(right);
  return several(left).some((a) => several(right).some((b) => !same(a, b)));
}

function same(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (typeof left === "number" || typeof right === "number") return number(left) === number(right);
  return left === right;
}
