// Slack's own client for Node, at the tests' service: a line of JSON in is one call, a line out is what it was answered.
import { createInterface } from "node:readline";
import { LogLevel, WebClient } from "@slack/web-api";

const [slackApiUrl] = process.argv.slice(2);
const options = { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };

async function answer({ method, args, token }) {
  const client = new WebClient(token, options);
  const own = method.split(".").reduce((part, name) => part?.[name], client);
  try {
    return { body: await (own ? own(args) : client.apiCall(method, args)) };
  } catch (error) {
    return { body: error.data, code: error.code, retryAfter: error.retryAfter, message: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
