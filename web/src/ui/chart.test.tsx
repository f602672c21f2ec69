import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { Chart } from "./chart";

vi.mock("./chart-base", () => ({ default: () => <canvas /> }));

it("has the same numbers as a table, newest first and without empty places", async () => {
  render(
    <Chart
      caption="Texts"
      labelName="Day"
      labels={["1 May", "2 May", "3 May"]}
      format={(value) => `${value} texts`}
      series={[
        { label: "Sent", color: "accent", values: [1, 0, 3] },
        { label: "Received", color: "info", values: [null, 0, 7] },
      ]}
    />,
  );
  expect(screen.getByRole("img", { name: "Texts; the table has the same numbers" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "As a table" }));
  const rows = within(screen.getByRole("table")).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual(["DaySentReceived", "3 May3 texts7 texts", "1 May1 texts–"]);
  expect(screen.queryByRole("img")).toBeNull();
});
