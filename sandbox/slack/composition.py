"""Limits of what blocks are composed of: texts, strings, options, confirmations. Used by blocks.py alone."""


class Check:
    def __init__(self):
        self.problems = []

    def no(self, words, at):
        self.problems.append(f"{words} [json-pointer:{at}]")

    def items(self, thing, name, least, most, at):
        """What a list holds, each with its place; what is no object there is refused and left out."""
        items, at = thing.get(name), f"{at}/{name}"
        if not isinstance(items, list):
            self.no("must be a list", at)
            return []
        if len(items) < least:
            self.no(f"no fewer than {least} items allowed", at)
        if len(items) > most:
            self.no(f"no more than {most} items allowed", at)
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                self.no("must be an object", f"{at}/{index}")
        return [(item, f"{at}/{index}") for index, item in enumerate(items) if isinstance(item, dict)]

    def unique(self, ids, name, at):
        given = [i for i in ids if i and isinstance(i, str)]
        for twice in sorted({i for i in given if given.count(i) > 1}):
            self.no(f"{name} {twice!r} already exists", at)

    def length(self, value, limit, at, least=1):
        if not isinstance(value, str):
            self.no("must be a string", at)
        elif len(value) < least:
            self.no(f"must be more than {least - 1} characters", at)
        elif len(value) > limit:
            self.no(f"must be less than {limit + 1} characters", at)

    def string(self, thing, name, limit, at, required=False):
        if name in thing:
            self.length(thing[name], limit, f"{at}/{name}", least=1 if required else 0)
        elif required:
            self.no(f"missing required field: {name}", at)

    def text(self, thing, name, limit, at, required=False, plain=False):
        """A text object under a name."""
        if thing.get(name) is not None:
            self.text_object(thing[name], limit, f"{at}/{name}", plain)
        elif required:
            self.no(f"missing required field: {name}", at)

    def text_object(self, text, limit, at, plain=False):
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if not isinstance(text, dict) or text.get("type") not in kinds:
            self.no(f"must be a {' or '.join(kinds)} object", at)
            return
        if "emoji" in text and text["type"] == "mrkdwn":
            self.no("invalid additional property: emoji", at)
        if "text" in text:
            self.length(text["text"], limit, f"{at}/text")
        else:
            self.no("missing required field: text", at)

    def options(self, thing, least, most, at):
        for option, where in self.items(thing, "options", least, most, at):
            self.text(option, "text", 75, where, required=True)
            self.string(option, "value", 150, where, required=True)
            self.text(option, "description", 75, where)

    def confirm(self, element, at):
        if element.get("confirm") is None:
            return
        confirm, at = element["confirm"], f"{at}/confirm"
        if not isinstance(confirm, dict):
            self.no("must be an object", at)
            return
        self.text(confirm, "title", 100, at, required=True, plain=True)
        self.text(confirm, "text", 300, at, required=True)
        self.text(confirm, "confirm", 30, at, required=True, plain=True)
        self.text(confirm, "deny", 30, at, required=True, plain=True)
