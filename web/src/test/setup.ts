import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";
import { i18n } from "@lingui/core";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { messages } from "../locales/en.po";
import { messages as more } from "../locales/more/en.po";

// Waiting ends with what is waited for; only a busy machine takes this long.
configure({ asyncUtilTimeout: 5000 });
i18n.loadAndActivate({ locale: "en", messages: { ...messages, ...more } });
afterEach(cleanup);
