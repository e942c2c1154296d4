"""Many incidents at once while vendors are in trouble, or while somebody stands on two levels: no ring is lost by it."""

from datetime import timedelta

from tests.service.nights import Night

BY_PHONE = ("phone",)


async def test_a_person_on_two_levels_is_rung_again_for_what_a_call_named_while_they_were_on_the_first(store):
    night = Night(store, ("ana", 4, None), ("ana", 20, None))
    first = await night.declare()
    await night.until(0.5)
    second = await night.declare()
    await night.until(3.9)
    assert night.rings("call", "ana") == [(2.0, first, (second,))]
    await night.use_cases.acknowledge(first, "U0002", "button")
    await night.until(8)
    assert [number for _, number, _ in night.rings("call", "ana")] == [first, second]
