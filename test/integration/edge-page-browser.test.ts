import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findChromium, startChromium } from "../support/browser.ts";
import { type EdgeProcess, edgeProcess, editFile, hidLine } from "../support/edge-process.ts";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// A person with a browser, the real agent, and the simulator's reader.

const PLACES = ["/", "/readers", "/readers/desk-1/test", "/taps", "/backlog", "/config"];

const running =
  (wanted: string) =>
  (status: { configuration: { runsWith: string } }): boolean =>
    status.configuration.runsWith === wanted;

describe.skipIf(!available("chromium", findChromium()))("the gateway's page in a browser", () => {
  let browser: Browser;
  let temp: TempDir;
  let edge: EdgeProcess;
  let desk: HidReader;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    temp = tempDir("page-browser");
    edge = edgeProcess(temp.path);
    desk = await listenHidReader(join(temp.path, "desk.sock"));
    faults = [];
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    // A script that fails, and whatever the content policy stops, are told on the console.
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (
        message.type() === "error" &&
        !/the server responded with a status of 4/u.test(message.text())
      )
        faults.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await edge.stop();
    await desk.close();
    temp.remove();
  });

  async function logIn(): Promise<string> {
    const link = await edge.link();
    await page.goto(link);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    expect(page.url()).not.toContain("token");
    return new URL(link).origin;
  }

  it("takes a person from no reader to the first test punch", async () => {
    edge.write([]);
    edge.start();
    await edge.until("running", running("file"));
    const origin = await logIn();
    await page.getByRole("link", { name: "Find the first one" }).click();
    await page.locator("#found:not([aria-busy])").waitFor();

    const byHand = page.locator("form[data-by-hand]");
    await byHand.getByLabel("Name of the reader").fill("desk-1");
    await byHand.getByLabel("Kind of terminal").selectOption("hid-keyboard");
    await byHand.getByLabel("It hangs on").selectOption("hidSocket");
    await byHand.getByRole("button").click();

    // The draft lacks what nobody but the person knows, and says so at its field.
    const path = page.locator("#f-lines-0-port-hidSocket-path");
    await path.waitFor();
    await page.locator("#problems li").first().waitFor();
    expect(await path.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("button", { name: "Save, and start with it" }).isDisabled()).toBe(
      true,
    );
    await path.fill(desk.path);
    await path.blur();
    await page.getByText("The agent can use this.").waitFor();
    await page.locator("#diff .added", { hasText: "reader: desk-1" }).waitFor();
    await page.getByRole("button", { name: "Save, and start with it" }).click();

    await page.waitForURL(`${origin}/readers/desk-1/test`);
    await page.getByText("Waiting for a punch").waitFor();
    await eventually(() => desk.connected(), { what: "the agent at the reader" });
    desk.tap("0012345678");
    await page.getByText(/It works: row \d+ is on disk/u).waitFor();
    await page.getByText("0012345678").waitFor();
    expect(edge.badges()).toEqual(["0012345678"]);
    expect(readFileSync(edge.configFile, "utf8")).toMatch(/^# how this gateway reads\n/u);
    expect(faults).toEqual([]);
  });

  it("brings a gateway from safe mode back by its editor", async () => {
    edge.write([hidLine(desk.path, "desk-1")]);
    edge.start();
    await edge.until("running", running("file"));
    await edge.stop();
    editFile(edge.configFile, "reader: desk-1", "raeder: desk-1");
    edge.start();
    await edge.until("in safe mode", running("last-good"));
    await logIn();
    await page.getByRole("heading", { name: /Safe mode/u }).waitFor();
    await page.getByRole("link", { name: "Correct the configuration" }).click();
    await page
      .getByText(/raeder: unknown key; did you mean "reader"/u)
      .first()
      .waitFor();

    const yaml = page.getByRole("textbox", { name: "YAML" });
    await yaml.fill((await yaml.inputValue()).replace("raeder", "reader"));
    await page.getByText("The agent can use this.").waitFor();
    await page.getByRole("button", { name: "Save, and start with it" }).click();
    await edge.until("running again", running("file"));
    await page.getByRole("heading", { name: /Safe mode/u }).waitFor({ state: "detached" });
    await eventually(() => desk.connected(), { what: "the agent at the reader" });
    desk.tap("1111");
    await eventually(() => edge.badges().includes("1111"), { what: "the punch" });
    expect(faults).toEqual([]);
  });

  it("does not overwrite what somebody else wrote meanwhile", async () => {
    edge.write([hidLine(desk.path, "desk-1")]);
    edge.start();
    await edge.until("running", running("file"));
    const origin = await logIn();
    await page.goto(`${origin}/config`);
    await page.locator("#f-site").fill("berlin");
    await page.locator("#f-site").blur();
    await page.locator("#diff .added", { hasText: "site: berlin" }).waitFor();
    editFile(edge.configFile, "gateway: gw1", "gateway: gw2");
    await page.getByRole("button", { name: "Save, and start with it" }).click();
    await page.getByText(/was changed meanwhile by somebody else/u).waitFor();
    expect(readFileSync(edge.configFile, "utf8")).toContain("site: hq");
  });

  it("shows by itself how readers are doing, and lets a person leave", async () => {
    edge.write([hidLine(desk.path, "desk-1")]);
    edge.start();
    await edge.until("running", running("file"));
    const origin = await logIn();
    const row = page.getByRole("row", { name: /desk-1/u });
    await row.locator('.state[data-state="online"]').waitFor();
    await desk.close();
    await row.locator('.state[data-state="offline"], .state[data-state="fault"]').waitFor();
    await page.getByText(/reader desk-1 (?:offline|fault)/u).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    // The page it leaves has a heading of the same name.
    await page.waitForURL(`${origin}/login`);
    await page.goto(origin);
    await page.getByRole("heading", { name: "This gateway" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("shows punches as they come, and says when the agent is gone", async () => {
    edge.write([hidLine(desk.path, "desk-1")]);
    edge.start();
    await edge.until("running", running("file"));
    const origin = await logIn();
    await page.goto(`${origin}/taps`);
    await page.getByText("Live.").waitFor();
    await eventually(() => desk.connected(), { what: "the agent at the reader" });
    desk.tap("7777");
    await page.getByRole("cell", { name: "7777" }).waitFor();
    expect(await page.getByRole("row").count()).toBe(2);
    await edge.stop();
    await page.locator("#away").waitFor({ state: "visible" });
  });

  it.each(["light", "dark"] as const)(
    "passes axe at AA on every page and fits a phone, %s",
    async (colorScheme) => {
      edge.write([hidLine(desk.path, "desk-1")]);
      edge.start();
      await edge.until("running", running("file"));
      await page.emulateMedia({ colorScheme });
      const login = new URL("/login", await edge.link());
      await page.goto(login.href);
      expect(await violations(page)).toEqual([]);
      const origin = await logIn();
      const look = async (place: string): Promise<void> => {
        await page.goto(`${origin}${place}`);
        if (place === "/readers") await page.locator("#found:not([aria-busy])").waitFor();
        expect([place, await violations(page), await overflow(page)]).toEqual([place, [], 0]);
      };
      await eventually(() => desk.connected(), { what: "the agent at the reader" });
      for (const place of PLACES) await look(place);
      // Everything open, something wrong, something changed; and a screen as narrow as they come.
      await page.setViewportSize({ width: 360, height: 740 });
      editFile(edge.configFile, "gateway: gw1", "gateway: gw 1");
      edge.signal("SIGHUP");
      await edge.until("in safe mode", running("last-good"));
      for (const place of PLACES) await look(place);
      await page.locator("#f-site").fill("x y");
      await page.locator("#f-site").blur();
      await page.locator("#diff .added").first().waitFor();
      await page.evaluate(
        `for (const each of document.querySelectorAll("details")) each.open = true`,
      );
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(faults).toEqual([]);
    },
  );
});

/** What axe finds against WCAG 2.2 A and AA and its best practices, one line each. */
async function violations(page: Page): Promise<readonly string[]> {
  // As a script of the tester, not of the page: the content policy stays as it is.
  await page.evaluate(axe.source);
  const found: { id: string; nodes: { html: string; failureSummary: string }[] }[] =
    await page.evaluate(`axe.run().then(({ violations }) => violations)`);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** How much wider the page is than the screen, pixels. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);
