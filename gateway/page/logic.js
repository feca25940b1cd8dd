// Works out the trees of the expressions in a questionnaire: relevance, constraints, calculations, choice filters.
// The server reads the texts and sends the trees; here as there an expression always comes to a value.
// services/surveys/model/logic/ is the server's half, and tests/support/logic_cases.json holds both to the same answers.

import { FUNCTIONS, own } from "./logic/functions.js";
import { fuel } from "./logic/patterns.js";
import { equal, number, several, taken, truth, unequal } from "./logic/values.js";

export { FUNCTIONS };
export { answerText, number, text, truth } from "./logic/values.js";

const ARITHMETIC = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  div: (left, right) => left / right,
  mod: (left, right) => left % right,
};
const COMPARISONS = {
  "=": equal,
  "!=": unequal,
  "<": (left, right) => number(left) < number(right),
  "<=": (left, right) => number(left) <= number(right),
  ">": (left, right) => number(left) > number(right),
  ">=": (left, right) => number(left) >= number(right),
};
const ATOMS = {
  number: (tree) => tree[1],
  text: (tree) => tree[1],
  answer: (tree, run) => taken(own(run.scope.answers, tree[1])),
  column: (tree, run) => taken(own(run.scope.columns, tree[1])),
  self: (_tree, run) => run.own,
  parent: () => "",
};

// The value of a tree: a number, a text, true or false, or several of them (an array).
// `scope`: { now, answers, own, position, repeats, columns, labels }, as services/surveys/model/logic/scope.py has it.
export function evaluate(tree, scope) {
  return workOut(tree, { scope, own: taken(scope.own), fuel: fuel() });
}

function workOut(tree, run) {
  const [kind, ...parts] = tree;
  if (kind in ATOMS) return ATOMS[kind](tree, run);
  if (kind === "call") return call(tree, run);
  if (kind === "and") return parts.every((part) => truth(workOut(part, run)));
  if (kind === "or") return parts.some((part) => truth(workOut(part, run)));
  if (kind === "negative") return -number(workOut(parts[0], run));
  if (kind in COMPARISONS) return COMPARISONS[kind](workOut(parts[0], run), workOut(parts[1], run));
  return parts.map((part) => number(workOut(part, run))).reduce(ARITHMETIC[kind]);
}

function call(tree, run) {
  const [, name, ...parts] = tree;
  if (name === "if") return workOut(parts[truth(workOut(parts[0], run)) ? 1 : 2], run);
  if (name === "indexed-repeat") return indexed(parts[0][1], number(workOut(parts[2], run)), run);
  return FUNCTIONS[name](run, ...parts.map((part) => workOut(part, run)));
}

// The answer to a repeat's question at its `place`th time round, from 1.
function indexed(name, place, run) {
  const all = several(taken(own(run.scope.repeats, name) ?? own(run.scope.answers, name)));
  return place >= 1 ? all[Math.trunc(place) - 1] ?? "" : "";
}
