import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { readFragment } from "../../lib/paths";
import { ResetPage } from "./reset-page";
import { SetupPage } from "./setup-page";
import { VerifyPage } from "./verify-page";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children: ReactNode }) => children,
  Navigate: () => null,
}));

afterEach(() => history.replaceState(null, "", "/"));

it("reads what stands behind the # sign", () => {
  history.replaceState(null, "", "/register#invite=a%2Bb");
  expect(readFragment()).toBe("invite=a+b");
});

it.each([
  ["/verify", VerifyPage, "This link did not work"],
  ["/reset", ResetPage, "This link did not work"],
  ["/setup", SetupPage, "The set-up link is incomplete"],
])("says that a damaged link to %s does not work", (path, Page, title) => {
  history.replaceState(null, "", `${path}#%`);
  render(<Page />);
  expect(screen.getByRole("heading", { name: title })).toBeInTheDocument();
});
