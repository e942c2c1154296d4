// A bot on Slack's own Socket Mode client for Node. It acknowledges, and says on stdout what it heard, a line each.
import { LogLevel, SocketModeClient } from "@slack/socket-mode";

const [slackApiUrl, appToken] = process.argv.slice(2);
const client = new SocketModeClient({
  appToken,
  clientOptions: { slackApiUrl },
  logLevel: LogLevel.ERROR,
  clientPingTimeout: 500, // milliseconds; it also waits this long before it connects again
});
const heard = (type, what) => console.log(JSON.stringify({ type, what }));

client.on("connected", () => heard("connected", ""));
client.on("slash_commands", async ({ ack, body }) => {
  await ack({ text: `you said ${body.text}` });
  heard("slash_commands", body.text);
});
client.on("interactive", async ({ ack, body }) => {
  await ack();
  heard("interactive", body.actions[0].value);
});
client.on("message", async ({ ack, event }) => {
  await ack();
  heard("message", event.text);
});

await client.start();
process.stdin.on("end", () => process.exit(0)).resume();
