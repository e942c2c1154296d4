"""Many incidents at once while a vendor is in trouble, or with somebody on two levels: no ring is lost by it."""

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


async def test_a_call_that_waits_for_the_answer_to_another_one_is_replaced_in_time_all_the_same(store):
    night = Night(store, ("ana", 20, BY_PHONE))
    night.gone.add("twilio")
    await night.declare()
    second = await night.declare()
    await night.until(0.9)
    store.transact_now(night.hasten, "call")
    [(_, on_the_wire)] = await night.lanes["twilio"].claim(1)
    assert await night.lanes["twilio"].claim(1) == []
    assert night.owed(second, "call")[0].next_at > night.now
    night.now += timedelta(seconds=1)
    await night.work()
    assert [each[3] for each in night.rang if each[1] == "page"] == [on_the_wire.incident, second]


async def test_a_call_that_was_held_back_is_replaced_too_when_nobody_takes_it_at_last(store):
    night = Night(store, ("ana", 20, BY_PHONE))
    await night.declare()
    await night.until(0.5)
    second = await night.declare()
    await night.until(4)
    night.gone.add("twilio")
    await night.until(6)
    assert [each[3] for each in night.rang if each[1] == "page"] == [second]


async def test_nobody_waits_five_minutes_because_of_a_call_that_never_was(store):
    night = Night(store, ("ana", 20, BY_PHONE))
    await night.declare()
    [call] = await night.lanes["twilio"].claim(1)
    second = await night.declare()
    assert await night.lanes["twilio"].claim(1) == []
    night.refused.add("twilio")
    await night.lanes["twilio"].deliver(*call, lambda: 0)
    night.refused.clear()
    await night.until(0.1)
    [(at, number, _)] = night.rings("call", "ana")
    assert (at, number) == (0.03, second)


async def test_nor_because_of_one_that_reached_nobody(store):
    night = Night(store, ("ana", 20, BY_PHONE))
    first = await night.declare()
    await night.until(0.5)
    second = await night.declare()
    await night.until(1)
    await night.fails(first)
    await night.until(1.1)
    assert [number for _, number, _ in night.rings("call", "ana")] == [first, second]


async def test_what_is_held_back_goes_at_once_where_the_same_person_s_message_does_not_arrive(store):
    night = Night(store, ("ana", 1, None), ("ben", 20, None))
    await night.declare()
    await night.until(0.5)
    second = await night.declare()
    await night.until(1.2)
    night.gone.add("slack-page")
    await night.until(1.6)
    assert night.rings("call", "ben") == [(1.0, 1, ())]
    await night.until(2.5)
    [_, (at, number, _)] = night.rings("call", "ben")
    assert (number, at < 2.45) == (second, True)


async def test_a_phone_company_that_is_back_rings_once_for_all_that_fell_due_meanwhile(store):
    night = Night(store, ("ana", 60, BY_PHONE))
    night.gone.add("twilio")
    numbers = [await night.declare() for _ in range(3)]
    await night.until(2)
    night.gone.clear()
    await night.until(2.5)
    [(_, number, others)] = night.rings("call", "ana")
    assert sorted((number, *others)) == numbers


async def test_whoever_cannot_come_takes_nothing_on_by_the_key_of_another_call(store):
    night = Night(store)
    first = await night.declare()
    await night.until(0.5)
    second, third = await night.declare(), await night.declare()
    await night.use_cases.escalate(second, "U0001", "slack", cannot=True)
    await night.until(2)
    assert night.rings("call", "ana") == [(2.0, first, (third,))]


async def test_a_call_names_what_a_vendor_has_paged_its_person_for(store):
    night = Night(store, off=())
    first = await night.declare()
    await night.until(1)
    second = await night.declare()
    await night.until(6)
    assert night.rings("call", "ana") == [(2.0, first, (second,))]


async def test_what_was_held_back_is_done_as_soon_as_a_call_has_named_it(store):
    night = Night(store, ("ben", 3, BY_PHONE), ("ben", 20, BY_PHONE))
    first = await night.declare()
    await night.until(1)
    second = await night.declare()
    await night.until(3.1)
    assert night.rings("call", "ben") == [(0.0, first, ()), (3.0, first, (second,))]
    assert [each.result for each in night.owed(second, "call")] == [f"rang with INC-{first}"]
