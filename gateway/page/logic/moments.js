// Dates and times as ISO text, and as days since 1 January 1970. A time is the one on the wall where it was written.
// services/surveys/model/logic/moments.py does the same on the server.

export const DAY = 86_400_000;

const TIME = "([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?";
const MOMENT = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T${TIME})?$`);
const CLOCK = new RegExp(`^${TIME}$`);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function dayOf(year, month, date) {
  const calendar = new Date(0);
  calendar.setUTCFullYear(year, month - 1, date);
  const right = calendar.getUTCFullYear() === year && calendar.getUTCMonth() === month - 1;
  return right && year >= 1 && month >= 1 && date >= 1 ? calendar.getTime() / DAY : null;
}

const EARLIEST = dayOf(1, 1, 1);
const LATEST = dayOf(9999, 12, 31);

export const days = (moment) => moment.day + moment.milliseconds / DAY;

export function of(count) {
  if (!(EARLIEST <= count && count < LATEST + 1)) return null;
  const day = Math.floor(count);
  const milliseconds = Math.floor((count - day) * DAY + 0.5);
  if (milliseconds < DAY) return { day, milliseconds };
  return day + 1 <= LATEST ? { day: day + 1, milliseconds: 0 } : null;
}

export function read(written) {
  const found = MOMENT.exec(written);
  if (!found) return null;
  const day = dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  const milliseconds = found[4] ? passed(found.slice(4)) : 0;
  return day === null || milliseconds === null ? null : { day, milliseconds };
}

// The milliseconds of the day at a time, or null where it is no time.
export function clock(written) {
  const found = CLOCK.exec(written);
  return found ? passed(found.slice(1)) : null;
}

function passed(parts) {
  const [hour, minute, second] = parts.slice(0, 3).map((part) => Number(part || 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((parts[3] || "").padEnd(3, "0").slice(0, 3));
}

export const date = (moment) => form(moment, "%Y-%m-%d");
export const iso = (moment) => form(moment, "%Y-%m-%dT%H:%M:%S.%3");

export function form(moment, pattern) {
  const on = new Date(moment.day * DAY + moment.milliseconds);
  const two = (value) => String(value).padStart(2, "0");
  const parts = {
    Y: () => String(on.getUTCFullYear()).padStart(4, "0"),
    y: () => two(on.getUTCFullYear() % 100),
    m: () => two(on.getUTCMonth() + 1),
    n: () => String(on.getUTCMonth() + 1),
    b: () => MONTHS[on.getUTCMonth()],
    d: () => two(on.getUTCDate()),
    e: () => String(on.getUTCDate()),
    H: () => two(on.getUTCHours()),
    h: () => String(on.getUTCHours()),
    M: () => two(on.getUTCMinutes()),
    S: () => two(on.getUTCSeconds()),
    3: () => String(on.getUTCMilliseconds()).padStart(3, "0"),
    a: () => WEEKDAYS[on.getUTCDay()],
    "%": () => "%",
  };
  return pattern.replace(/%([YymnbdeHhMS3a%])/g, (_all, letter) => parts[letter]());
}
