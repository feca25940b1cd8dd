// The functions that expressions may use, by name. `run` is the evaluation that a call is part of.
// services/surveys/model/logic/functions/ says what each does.

import * as moments from "./moments.js";
import { matches } from "./patterns.js";
import {
  LONGEST_TEXT, characters, first, number, plain, several, taken, text, trimmed, truth, words,
} from "./values.js";

const isEmpty = (value) => ["", "NaN"].includes(text(value));
const codes = (value) => several(value).flatMap(words);
const numbers = (values) => values.flatMap(several).map(number);
const texts = (values) => values.flatMap(several).map(text);
const cut = (written) => (written.length > LONGEST_TEXT ? characters(written).slice(0, LONGEST_TEXT).join("") : written);

function between(least, most, reached) {
  return (number(least) === -1 || reached >= number(least)) && (number(most) === -1 || reached <= number(most));
}

function weighted(least, most, pairs) {
  let reached = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) if (truth(first(pairs[at]))) reached += number(pairs[at + 1]);
  return between(least, most, reached);
}

function choiceName(run, code, question) {
  const name = trimmed(text(question).replace(/^\$\{/, "").replace(/\}$/, ""));
  const labels = own(run.scope.labels, name) || {};
  return text(taken(own(labels, text(code))));
}

// A name's own entry, never one that every object has.
export const own = (entries, name) => (entries && Object.hasOwn(entries, name) ? entries[name] : undefined);

function extreme(values, choose) {
  const found = numbers(values);
  return found.length ? choose(...found) : NaN;
}

function round(given, shift) {
  if (Number.isNaN(given) || !(Math.abs(shift) <= 400)) return Number.isNaN(shift) ? NaN : given;
  const places = Math.trunc(shift);
  const moved = Number.isFinite(given) ? Number(`${plain(given)}e${places}`) : given;
  if (!Number.isFinite(moved)) return given;
  const low = Math.floor(moved);
  return Number(`${plain(moved - low < 0.5 ? low : low + 1)}e${-places}`);
}

const shortened = (value) => Number(value.toPrecision(15));

function power(x, n) {
  if (Number.isNaN(x) || Number.isNaN(n)) return n === 0 ? 1 : NaN;
  if (Number.isInteger(n) && Math.abs(n) <= 1_024) return timesItself(x, n);
  return shortened(x ** n);
}

function timesItself(given, n) {
  let [x, reached] = [given, 1];
  for (let left = Math.abs(n); left; left >>= 1) {
    if (left & 1) reached *= x;
    x *= x;
  }
  return n >= 0 ? reached : 1 / reached;
}

const ofLibrary = (work) => (_run, value) => shortened(work(number(value)));

function substring(value, start, length = Infinity) {
  const rounded = (at) => (Number.isFinite(at) ? Math.floor(at + 0.5) : at);
  const begin = rounded(number(start));
  const end = begin + rounded(number(length));
  return characters(text(value)).filter((_character, place) => begin <= place + 1 && place + 1 < end).join("");
}

function substr(value, start, end = Infinity) {
  const whole = characters(text(value));
  const place = (at) => {
    if (Number.isNaN(at)) return 0;
    const within = Math.min(Math.max(at, -whole.length), whole.length);
    return within >= 0 ? Math.trunc(within) : whole.length + Math.trunc(within);
  };
  return whole.slice(place(number(start)), place(number(end))).join("");
}

function before(value, part) {
  const at = part ? value.indexOf(part) : -1;
  return at < 0 ? "" : value.slice(0, at);
}

function after(value, part) {
  const at = value.indexOf(part);
  return at < 0 ? "" : value.slice(at + part.length);
}

function translate(value, old, becomes) {
  const table = new Map();
  characters(old).forEach((character, place) => {
    if (!table.has(character)) table.set(character, characters(becomes)[place] ?? "");
  });
  return characters(value).map((character) => table.get(character) ?? character).join("");
}

const moment = (value) => moments.read(trimmed(text(value))) || moments.of(number(value));

function formed(value, form) {
  const found = moment(value);
  return found ? form(found) : "";
}

function decimalTime(value) {
  const written = trimmed(text(value));
  const found = moments.read(written);
  const passed = found ? found.milliseconds : moments.clock(written);
  return passed === null ? NaN : passed / moments.DAY;
}

const formatDate = (_run, value, pattern) => formed(value, (found) => moments.form(found, text(pattern)));
const position = (run) => run.scope.position ?? 1;

export const FUNCTIONS = {
  boolean: (_run, value) => truth(value),
  "boolean-from-string": (_run, value) => ["true", "1"].includes(text(value)),
  not: (_run, value) => !truth(value),
  true: () => true,
  false: () => false,
  coalesce: (_run, ...values) => values.find((value) => !isEmpty(value)) ?? "",
  once: (run, value) => (isEmpty(run.own) ? value : run.own),
  selected: (_run, value, code) => codes(value).includes(trimmed(text(code))),
  "selected-at": (_run, value, place) => (number(place) >= 0 ? codes(value)[Math.trunc(number(place))] ?? "" : ""),
  "count-selected": (_run, value) => codes(value).length,
  count: (_run, value) => several(value).length,
  "count-non-empty": (_run, value) => several(value).filter((one) => text(one) !== "").length,
  checklist: (_run, least, most, ...all) => between(least, most, all.filter((one) => truth(first(one))).length),
  "weighted-checklist": (_run, least, most, ...pairs) => weighted(least, most, pairs),
  position,
  index: position,
  "jr:choice-name": choiceName,

  number: (_run, value) => number(value),
  int: (_run, value) => Math.trunc(number(value)),
  floor: (_run, value) => Math.floor(number(value)),
  ceiling: (_run, value) => Math.ceil(number(value)),
  round: (_run, value, places = 0) => round(number(value), number(places)),
  abs: (_run, value) => Math.abs(number(value)),
  sum: (_run, value) => numbers([value]).reduce((total, one) => total + one, 0),
  min: (_run, ...values) => extreme(values, Math.min),
  max: (_run, ...values) => extreme(values, Math.max),
  pow: (_run, base, exponent) => power(number(base), number(exponent)),
  sqrt: (_run, value) => Math.sqrt(number(value)),
  exp: ofLibrary(Math.exp),
  exp10: (_run, value) => power(10, number(value)),
  log: ofLibrary(Math.log),
  log10: ofLibrary(Math.log10),
  sin: ofLibrary(Math.sin),
  cos: ofLibrary(Math.cos),
  tan: ofLibrary(Math.tan),
  asin: ofLibrary(Math.asin),
  acos: ofLibrary(Math.acos),
  atan: ofLibrary(Math.atan),
  atan2: (_run, y, x) => shortened(Math.atan2(number(y), number(x))),
  pi: () => Math.PI,

  string: (run, value = run.own) => text(value),
  concat: (_run, ...values) => cut(texts(values).join("")),
  join: (_run, separator, ...values) => cut(texts(values).join(text(separator))),
  contains: (_run, value, part) => text(value).includes(text(part)),
  "starts-with": (_run, value, part) => text(value).startsWith(text(part)),
  "ends-with": (_run, value, part) => text(value).endsWith(text(part)),
  substring: (_run, ...given) => substring(...given),
  substr: (_run, ...given) => substr(...given),
  "substring-before": (_run, value, part) => before(text(value), text(part)),
  "substring-after": (_run, value, part) => after(text(value), text(part)),
  "string-length": (run, value = run.own) => characters(text(value)).length,
  "normalize-space": (run, value = run.own) => words(value).join(" "),
  translate: (_run, value, old, becomes) => translate(text(value), text(old), text(becomes)),
  regex: (run, value, pattern) => matches(text(pattern), text(value), run.fuel),

  today: (run) => formed(taken(run.scope.now), moments.date),
  now: (run) => run.scope.now,
  date: (_run, value) => formed(value, moments.date),
  "date-time": (_run, value) => formed(value, moments.iso),
  "format-date": formatDate,
  "format-date-time": formatDate,
  "decimal-date-time": (_run, value) => {
    const found = moment(value);
    return found ? moments.days(found) : NaN;
  },
  "decimal-time": (_run, value) => decimalTime(value),
};
