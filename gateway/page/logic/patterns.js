// Regular expressions that nobody can make hang: all ways to match are walked side by side. A pattern must fit the whole
// text. services/surveys/model/logic/patterns/ does the same on the server, step for step, and says why.

const LARGEST = 2_000;
const STEPS = 200_000;
const LAST = 0x10ffff;
const DIGIT = [[48, 57]];
const WORD = [[48, 57], [65, 90], [95, 95], [97, 122]];
const SPACE = [[9, 13], [32, 32]];
const CLASSES = { d: DIGIT, w: WORD, s: SPACE };
const CONTROLS = { n: 10, t: 9, r: 13, f: 12, v: 11, 0: 0 };

class PatternError extends Error {}

export const fuel = () => ({ left: STEPS });

const cache = new Map();

function compiled(pattern) {
  if (!cache.has(pattern)) {
    if (cache.size > 500) cache.clear();
    cache.set(pattern, compile(pattern));
  }
  return cache.get(pattern);
}

function compile(pattern) {
  try {
    const reader = new Reader(pattern);
    const build = reader.either();
    if (reader.at < reader.pattern.length) return null;
    const program = [];
    build(program);
    program.push({ kind: "found" });
    return program;
  } catch (error) {
    if (error instanceof PatternError) return null;
    throw error;
  }
}

export function matches(pattern, text, left) {
  const program = compiled(pattern);
  if (!program) return false;
  const points = Array.from(text, (character) => character.codePointAt(0));
  let threads = [0];
  for (const [place, point] of points.entries()) {
    threads = spread(program, threads, points, place, left)
      .filter((at) => program[at].kind === "char" && within(point, program[at].ranges))
      .map((at) => at + 1);
    if (!threads.length) return false;
  }
  return spread(program, threads, points, points.length, left).some((at) => program[at].kind === "found");
}

// Where the walk stands once every step that takes no character is taken; nowhere when the fuel is used up.
function spread(program, threads, points, place, left) {
  const seen = new Set();
  const waiting = [];
  const stack = threads.slice().reverse();
  while (stack.length) {
    const at = stack.pop();
    if (seen.has(at)) continue;
    seen.add(at);
    left.left -= 1;
    if (left.left < 0) return [];
    const step = program[at];
    if (step.kind === "char" || step.kind === "found") waiting.push(at);
    else if (step.kind === "fork") stack.push(step.other, step.to);
    else if (holds(step.kind, points, place)) stack.push(at + 1);
  }
  return waiting;
}

function holds(kind, points, place) {
  if (kind === "start") return place === 0;
  if (kind === "end") return place === points.length;
  const before = place > 0 && within(points[place - 1], WORD);
  const after = place < points.length && within(points[place], WORD);
  return (before !== after) === (kind === "edge");
}

const within = (point, ranges) => ranges.some(([low, high]) => low <= point && point <= high);

function allBut(ranges) {
  const kept = [];
  let following = 0;
  for (const [low, high] of ranges.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (low > following) kept.push([following, low - 1]);
    following = Math.max(following, high + 1);
  }
  if (following <= LAST) kept.push([following, LAST]);
  return kept;
}

class Reader {
  constructor(pattern) {
    this.pattern = Array.from(pattern);
    this.at = 0;
    this.depth = 0;
  }

  peek(ahead = 0) {
    return this.pattern[this.at + ahead] ?? "";
  }

  next() {
    const character = this.peek();
    this.at += 1;
    return character;
  }

  eat(expected) {
    if (!Array.from(expected).every((character, place) => this.peek(place) === character)) return false;
    this.at += expected.length;
    return true;
  }

  either() {
    const options = [this.sequence()];
    while (this.eat("|")) options.push(this.sequence());
    return options.reduceRight((right, left) => fork(left, right));
  }

  sequence() {
    const parts = [];
    while (!["", "|", ")"].includes(this.peek())) parts.push(this.repeated(this.atom()));
    return (program) => parts.forEach((part) => part(program));
  }

  repeated(part) {
    const [least, most] = this.counts();
    if (least === 1 && most === 1) return part;
    this.eat("?");
    if (["*", "+", "?", "{"].includes(this.peek())) throw new PatternError();
    if (most !== null && (most < least || most > 1_000)) throw new PatternError();
    return repeat(part, least, most);
  }

  counts() {
    for (const [sign, bounds] of [["*", [0, null]], ["+", [1, null]], ["?", [0, 1]]]) {
      if (this.eat(sign)) return bounds;
    }
    if (!this.eat("{")) return [1, 1];
    const least = this.count();
    const most = this.eat(",") ? this.count() : least;
    if (least === null || !this.eat("}") || least > 1_000) throw new PatternError();
    return [least, most];
  }

  count() {
    let digits = "";
    while (/^[0-9]$/.test(this.peek()) && digits.length < 6) digits += this.next();
    return digits ? Number(digits) : null;
  }

  atom() {
    const character = this.next();
    if (character === "(") return this.group();
    if (character === "[") return one({ kind: "char", ranges: this.choice() });
    if (character === ".") return one({ kind: "char", ranges: allBut([[10, 10], [13, 13]]) });
    if (character === "^") return one({ kind: "start" });
    if (character === "$") return one({ kind: "end" });
    if (["*", "+", "?", "{"].includes(character)) throw new PatternError();
    if (character !== "\\") return one({ kind: "char", ranges: exactly(character) });
    if (this.eat("b")) return one({ kind: "edge" });
    if (this.eat("B")) return one({ kind: "inside" });
    return one({ kind: "char", ranges: this.escape() });
  }

  group() {
    if (this.peek() === "?" && !this.eat("?:")) throw new PatternError();
    this.depth += 1;
    if (this.depth > 20) throw new PatternError();
    const build = this.either();
    this.depth -= 1;
    if (!this.eat(")")) throw new PatternError();
    return build;
  }

  escape() {
    const character = this.next();
    if (/^[dws]$/.test(character)) return CLASSES[character];
    if (/^[DWS]$/.test(character)) return allBut(CLASSES[character.toLowerCase()]);
    if (/^[ntrfv0]$/.test(character)) return [[CONTROLS[character], CONTROLS[character]]];
    if (character === "x" || character === "u") return this.numbered(character === "x" ? 2 : 4);
    if (!character || /^[A-Za-z0-9]$/.test(character)) throw new PatternError();
    return exactly(character);
  }

  numbered(digits) {
    const written = this.pattern.slice(this.at, this.at + digits).join("");
    if (written.length < digits || !/^[0-9a-fA-F]+$/.test(written)) throw new PatternError();
    this.at += digits;
    return [[parseInt(written, 16), parseInt(written, 16)]];
  }

  choice() {
    const negated = this.eat("^");
    const ranges = [];
    do {
      if (!this.peek()) throw new PatternError();
      ranges.push(...this.member());
    } while (this.peek() !== "]");
    this.at += 1;
    return negated ? allBut(ranges) : ranges;
  }

  member() {
    const low = this.point();
    if (this.peek() !== "-" || ["", "]"].includes(this.peek(1)) || !single(low)) return low;
    this.at += 1;
    const high = this.point();
    if (!single(high) || high[0][1] < low[0][0]) throw new PatternError();
    return [[low[0][0], high[0][1]]];
  }

  point() {
    const character = this.next();
    return character === "\\" ? this.escape() : exactly(character);
  }
}

const exactly = (character) => [[character.codePointAt(0), character.codePointAt(0)]];
const single = (ranges) => ranges.length === 1 && ranges[0][0] === ranges[0][1];

function append(program, step) {
  if (program.length >= LARGEST) throw new PatternError();
  program.push(step);
}

const one = (step) => (program) => append(program, step);

function fork(left, right) {
  return (program) => {
    const start = program.length;
    append(program, null);
    left(program);
    const leave = program.length;
    append(program, null);
    program[start] = { kind: "fork", to: start + 1, other: leave + 1 };
    right(program);
    program[leave] = { kind: "fork", to: program.length, other: program.length };
  };
}

function repeat(part, least, most) {
  return (program) => {
    const before = program.length;
    for (let time = 0; time < least; time += 1) {
      part(program);
      if (program.length === before) return;
    }
    const forks = [];
    for (let time = 0; time < (most === null ? 1 : most - least); time += 1) {
      forks.push(program.length);
      append(program, null);
      part(program);
    }
    if (most === null) append(program, { kind: "fork", to: forks[0], other: forks[0] });
    for (const at of forks) program[at] = { kind: "fork", to: at + 1, other: program.length };
  };
}
