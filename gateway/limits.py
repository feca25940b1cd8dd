"""What a query may cost, decided before it runs.

A document's verdict is remembered with it, so that the cost must not depend on variables: a page size that is a
variable counts as the largest page.
"""

from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    get_named_type,
)
from strawberry.extensions.max_aliases import create_validator as alias_rule
from strawberry.extensions.query_depth_limiter import create_validator as depth_rule

MAX_DEPTH = 15
MAX_ALIASES = 30
MAX_TOKENS = 4_000
MAX_COST = 10_000
LARGEST_PAGE = 100
DEFAULT_PAGE = 20
EMBEDDED = 3
"""What a list without a page size counts for: it comes along with its parent, and asks nobody again."""


class CostRule(ValidationRule):
    """An object counts 1, a page as often as its `first` says, a plain list three times; scalars are free."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Add up the operation, and refuse it where it costs too much."""
        root = self.context.schema.get_root_type(node.operation)
        cost = self._selections(node.selection_set, root, ())
        if cost > MAX_COST:
            self.report_error(
                GraphQLError(
                    f"this query costs {cost} where {MAX_COST} is allowed; ask for smaller pages or fewer fields",
                    node,
                    extensions={"code": "TOO_COSTLY", "cost": cost, "allowed": MAX_COST},
                )
            )

    def _selections(self, selections: SelectionSetNode | None, parent: Any, spreads: tuple[str, ...]) -> int:
        total = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(node, parent, spreads)
            elif isinstance(node, InlineFragmentNode):
                on = self.context.schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                total += self._selections(node.selection_set, on, spreads)
            elif isinstance(node, FragmentSpreadNode):
                total += self._spread(node.name.value, spreads)
        return total

    def _spread(self, name: str, spreads: tuple[str, ...]) -> int:
        if name in spreads:
            return 0
        if name not in self._fragments:
            fragment = self.context.get_fragment(name)
            on = self.context.schema.get_type(fragment.type_condition.name.value) if fragment else None
            self._fragments[name] = self._selections(fragment.selection_set, on, (*spreads, name)) if fragment else 0
        return self._fragments[name]

    def _field(self, node: FieldNode, parent: Any, spreads: tuple[str, ...]) -> int:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or node.name.value.startswith("__"):
            return 0
        field = parent.fields.get(node.name.value)
        if field is None or node.selection_set is None:
            return 0
        below = 1 + self._selections(node.selection_set, get_named_type(field.type), spreads)
        return below * _times(node, field, parent)


def _times(node: FieldNode, field: GraphQLField, parent: GraphQLObjectType | GraphQLInterfaceType) -> int:
    if "first" in field.args:
        given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
        if given is None:
            return DEFAULT_PAGE
        if not isinstance(given, IntValueNode):
            return LARGEST_PAGE
        # what has more digits is far beyond the limit, and Python does not even read thousands of them
        return max(1, int(given.value[:10]))
    of = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    # the edges of a page were counted by its `first`
    return EMBEDDED if isinstance(of, GraphQLList) and not parent.name.endswith("Connection") else 1


# made once: the verdict on a document is remembered by these very objects
RULES: list[type[ASTValidationRule]] = [depth_rule(MAX_DEPTH, None), alias_rule(MAX_ALIASES), CostRule]
