"""Muster says on another channel that it has gone deaf."""

from service.watch import PATIENCE_S, Watch


class Speaker:
    def __init__(self, works=True):
        self.works = works
        self.heard = []

    async def announce_trouble(self, text):
        if self.works:
            self.heard.append(text)
        return self.works


async def test_trouble_that_lasts_is_told_once_and_so_is_its_end():
    speaker = Speaker()
    watch = Watch(None, [speaker])
    for second in (0, PATIENCE_S - 1, PATIENCE_S, PATIENCE_S + 60):
        await watch.look(["the scheduler's thread is dead"], second)
    await watch.look([], PATIENCE_S + 120)
    await watch.look([], PATIENCE_S + 125)

    assert [text.split(":")[0] for text in speaker.heard] == ["Muster is in trouble", "Muster is well again."]
    assert "the scheduler's thread is dead" in speaker.heard[0]


async def test_trouble_that_passes_by_itself_is_not_told():
    speaker = Speaker()
    watch = Watch(None, [speaker])
    await watch.look(["Slack's socket has not been heard for 12 s"], 0)
    await watch.look([], PATIENCE_S - 1)
    await watch.look(["Slack's socket has not been heard for 12 s"], PATIENCE_S + 1)

    assert speaker.heard == []


async def test_where_slack_cannot_be_told_the_next_channel_is():
    slack, text = Speaker(works=False), Speaker()
    watch = Watch(None, [slack, text])
    await watch.look(["Slack's socket has not been heard for 60 s"], 0)
    await watch.look(["Slack's socket has not been heard for 60 s"], PATIENCE_S)

    assert len(text.heard) == 1


async def test_what_nobody_heard_is_told_again():
    speaker = Speaker(works=False)
    watch = Watch(None, [speaker])
    await watch.look(["the database does not write"], 0)
    await watch.look(["the database does not write"], PATIENCE_S)
    speaker.works = True
    await watch.look(["the database does not write"], PATIENCE_S + 5)

    assert len(speaker.heard) == 1
