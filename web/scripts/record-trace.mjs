// Records what one client hears, for src/realtime/traces.test.ts: two people talk on a server of your own.
// usage: node --experimental-websocket scripts/record-trace.mjs http://localhost:8080 direct|group > src/realtime/fixtures/traces/<name>.json
// The server must be set up, open for registration and without limits (CONVO_LIMITS_OFF=true).
import { randomUUID } from "node:crypto";

const [, , url, scenario] = process.argv;

async function register(name) {
  const username = `${name}-${randomUUID().slice(0, 8)}`;
  const body = { username, email: `${username}@example.org`, full_name: name, password: "violet-harbour-lantern-92" };
  const response = await fetch(`${url}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { access_token: token, user } = await response.json();
  const call = async (method, path, sent) => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: sent && JSON.stringify(sent),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  return { token, user, call };
}

const steps = [];

/** A socket whose events become steps. */
async function listen(person) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/realtime`);
  await new Promise((done) => {
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: person.token }));
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "hello") done();
      else steps.push({ event: frame });
    };
  });
  return socket;
}

const pause = (ms = 400) => new Promise((done) => setTimeout(done, ms));
const [me, ben] = [await register("Ana"), await register("Ben")];
const people = { direct: [ben.user.id], group: [ben.user.id] }[scenario];
const socket = await listen(me);
const { conversation } = await me.call("POST", "/conversations", {
  kind: scenario,
  participant_ids: people,
  ...(scenario === "group" && { title: "Team", client_id: randomUUID() }),
});
const path = `/conversations/${conversation.id}`;
const say = (who, body, reply_to_seq) =>
  who.call("POST", `${path}/messages`, { client_id: randomUUID(), body, reply_to_seq });
const look = async () => {
  steps.push({ view: await me.call("GET", path) });
  steps.push({ page: await me.call("GET", `${path}/messages?limit=50`) });
};

await look();
const first = await say(me, "first");
await say(ben, "second", first.seq);
const third = await say(ben, "third");
await pause();
await ben.call("PATCH", `${path}/messages/${third.seq}`, { body: "third, in other words" });
await me.call("PUT", `${path}/messages/${third.seq}/reactions/${encodeURIComponent("👍")}`);
await me.call("POST", `${path}/receipt`, { read_seq: third.seq - 1 });
await pause();
if (scenario === "group") {
  const eve = await register("Eve");
  await me.call("POST", `${path}/members`, { user_ids: [eve.user.id] });
  await say(eve, "hello everybody");
  await me.call("PATCH", path, { title: "Crew" });
  await me.call("DELETE", `${path}/members/${eve.user.id}`);
  await pause();
}
// Away for a while: what happens now is told by the difference.
const heard = steps.length;
const known = (await me.call("GET", path)).conversation;
await say(ben, "while nobody listened");
await ben.call("DELETE", `${path}/messages/${third.seq}?for=everyone`);
await me.call("PUT", `${path}/mine`, { pinned: true });
await pause();
steps.splice(heard);
const { version, last_seq, mine } = known;
steps.push({ heads: await me.call("GET", "/sync") });
steps.push({
  changes: await me.call(
    "GET",
    `${path}/changes?version=${version}&last_seq=${last_seq}&mine_version=${mine.mine_version}`,
  ),
});
await say(ben, "and again live");
await ben.call("POST", `${path}/receipt`, { read_seq: last_seq });
await pause(800);

const view = await me.call("GET", path);
const { messages } = await me.call("GET", `${path}/messages?limit=50`);
socket.close();
const trace = { me: me.user.id, steps, final: { conversations: [{ view, messages }] } };
process.stdout.write(`${JSON.stringify(trace, null, 1)}\n`);
