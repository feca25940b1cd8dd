"""The grammar of expressions: XPath 1.0's operators with its precedence, over what XLSForm lets people write."""

from lark import Lark

GRAMMAR = r"""
?start: either
?either: both | either OR both -> between
?both: equality | both AND equality -> between
?equality: relation | equality EQUALITY relation -> between
?relation: sum | relation RELATION sum -> between
?sum: product | sum (PLUS | MINUS) product -> between
?product: signed | product PRODUCT signed -> between
?signed: value | MINUS signed -> negative
?value: NUMBER -> number
      | TEXT -> text
      | ANSWER -> answer
      | "." -> self
      | ".." -> parent
      | NAME -> column
      | NAME "(" [either ("," either)*] ")" -> call
      | "(" either ")"

OR: /or(?!\w)/
AND: /and(?!\w)/
EQUALITY: "=" | "!="
RELATION: "<=" | "<" | ">=" | ">"
PLUS: "+"
MINUS: "-"
PRODUCT: "*" | /(div|mod)(?!\w)/
NUMBER.2: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
TEXT: /'[^']*'|"[^"]*"/
ANSWER: /\$\{[^{}]*\}/
NAME: /[^\W\d][\w.-]*(:[^\W\d][\w.-]*)?/
%ignore /[ \t\r\n]+/
"""


def parser(transformer: object) -> Lark:
    """Reads from left to right, and needs no stack of calls however many brackets there are.

    Whether `div` is an operator or a column's name depends on what may stand at its place: hence the contextual lexer.
    """
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=transformer)
