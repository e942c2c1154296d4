"""One Twilio account: requests as it wants them, and its refusals in words. It rings nobody by itself."""

from base64 import b64encode
from typing import Any

import aiohttp

from domain.errors import Permanent
from integrations.http import Answer, Vendor, request
from views.phone_codes import OUR_NUMBER, WHY

ADVICE = {
    401: "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    403: "check that the Twilio account is active",
    404: "check TWILIO_ACCOUNT_SID and TWILIO_API_URL",
}


class Account:
    """`number` is the one that calls and texts, in E.164."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        account_sid: str,
        auth_token: str,
        number: str,
        url: str = "https://api.twilio.com",
    ) -> None:
        self._session = session
        credentials = b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._url = f"{url.rstrip('/')}/2010-04-01/Accounts/{account_sid}"
        self.vendor = Vendor("Twilio", "TWILIO_API_URL", ADVICE, (auth_token,))
        self.number = number

    async def prove(self) -> None:
        """Raises Permanent where the account is refused, or is suspended or closed."""
        account = await request(self._session, self.vendor, "GET", f"{self._url}.json", headers=self._headers)
        if (status := account.get("status")) != "active":
            raise Permanent(f"the Twilio account is {self.vendor.safe(status)}: see Twilio's console")

    async def send(self, method: str, what: str, **options: Any) -> Answer:
        """`what` is the path below the account, without .json."""
        url = f"{self._url}/{what}.json"
        return await request(self._session, self.vendor, method, url, headers=self._headers, **options)

    def refused(self, answer: Answer, person: str) -> Permanent:
        """Why a call or a text to this person was refused; never their number."""
        code = answer.find("code")
        if code in OUR_NUMBER:
            return answer.refusal("check TWILIO_PHONE_NUMBER")
        if code in WHY:
            words = f"{WHY[code]}, Twilio {code}"
            return self.vendor.refusal(answer.status, words, f"check the phone of {person} in config.yaml")
        number = f"Twilio {code}: " if code else ""
        return self.vendor.refusal(answer.status, f"{number}{answer.words()}")
