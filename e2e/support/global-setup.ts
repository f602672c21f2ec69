// One server for every test that does not need one of its own, with its administrator.
import { Server } from "./server";

export default async function globalSetup() {
  const server = await Server.startReady();
  process.env.CONVO_E2E_URL = server.url;
  return () => server.remove();
}
