"""One-way margins out of what a census file tells."""

from services.chassis.margins import AREA, Margins, Population

NORTH, SOUTH = "E05000001", "E05000002"


def test_of_a_joint_table_margins_are_sums() -> None:
    joint = Margins(
        1,
        (
            Population(NORTH, {"gender": "female"}, 30),
            Population(NORTH, {"gender": "male"}, 20),
            Population(SOUTH, {"gender": "female"}, 25),
        ),
    )
    assert joint.of("gender") == {"female": 55, "male": 20}
    assert joint.of(AREA) == {NORTH: 50, SOUTH: 25}
    assert joint.of("age_band") == {}


def test_what_is_told_alone_is_taken_before_what_is_told_with_others() -> None:
    told_twice = Margins(
        1,
        (
            Population("", {"gender": "female"}, 60),
            Population("", {"gender": "male"}, 41),
            Population(NORTH, {"gender": "female"}, 30),
            Population(NORTH, {"gender": "male", "age_band": "65+"}, 5),
        ),
    )
    assert told_twice.of("gender") == {"female": 60, "male": 41}
    assert told_twice.of(AREA) == {NORTH: 5}
