"""Input objects that are built at once.

Strawberry looks up the type of each field of each object anew for every request, a quarter of what a submission of
answers costs here. For inputs whose fields are scalars, global ids and other such inputs, it is looked up once.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from strawberry.relay import GlobalID
from strawberry.relay.types import GlobalIDValueError, InvalidGlobalIDError
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional

T = TypeVar("T")
Builder = Callable[[Any, InputContext], Any]
SCALARS = (str, int, float, bool)


def lean(input_type: type[T]) -> type[T]:
    """Decorate a strawberry input. Raises TypeError at its first use where a field is of another kind."""
    definition: StrawberryObjectDefinition = input_type.__strawberry_definition__  # type: ignore[attr-defined]
    fields: dict[str, tuple[str, Builder | None]] = {}

    def build(kind: type[T], value: Mapping[str, Any], context: InputContext) -> T:
        if not fields:
            # not before: a field's type may be named before it is defined
            for field in definition.fields:
                name = context.config.name_converter.from_field(field)
                fields[name] = (field.python_name, _builder(field.type))
        found: dict[str, Any] = {}
        for name, given in value.items():
            python_name, convert = fields[name]
            found[python_name] = given if convert is None or given is None else convert(given, context)
        return kind(**found)

    definition.from_input = build
    return input_type


def _builder(kind: Any) -> Builder | None:
    """What makes a field's value of what graphql-core read; None: nothing needs doing."""
    if isinstance(kind, StrawberryOptional):
        return _builder(kind.of_type)
    if isinstance(kind, StrawberryList):
        one = _builder(kind.of_type)
        # copied, as graphql-core gives one and the same default to all requests
        return _copied if one is None else lambda given, context: [one(each, context) for each in given]
    if kind in SCALARS:
        return None
    if kind is GlobalID:
        return _global_id
    from_input = getattr(getattr(kind, "__strawberry_definition__", None), "from_input", None)
    if from_input is None:
        raise TypeError(f"{kind} is no scalar, no global id and no lean input")
    return lambda given, context: from_input(kind, given, context)


def _copied(given: Any, _context: InputContext) -> list[Any]:
    return list(given)


def _global_id(given: Any, _context: InputContext) -> GlobalID:
    try:
        return GlobalID.from_id(given)
    except GlobalIDValueError as error:
        raise InvalidGlobalIDError(f'Value cannot represent a GlobalID: "{given}".') from error
