// Starts the page: every part listens to the world, then the live feed begins.

import { look } from "./api.js";
import { startChannel } from "./channel.js";
import { startComposer } from "./composer.js";
import { startKeys } from "./keys.js";
import { listen } from "./live.js";
import { startModals } from "./modals.js";
import { startNotices } from "./notice.js";
import { startPanel } from "./panel.js";
import { place, settle } from "./place.js";
import { startSidebar } from "./sidebar.js";
import { startThread } from "./thread.js";
import { startTours } from "./tour.js";
import { on, world } from "./world.js";

on("snapshot", settle);
startNotices();
startSidebar();
startChannel();
startComposer();
startThread();
startModals();
startPanel();
startTours();
startKeys();

on("person", listen);
on("snapshot", async () => {
  if (!world.app.shortcuts.length) world.app = await look("app").catch(() => world.app);
});
listen(place.as);
