// All pages: that they show what there is, in light and dark, on narrow and wide screens, with the keyboard, and to everybody.
import { expect, expectAccessible, expectEqual, fixture, openPage } from "./world.mjs";

export const files = [fixture("hard/bill.csv.gz")];

export const PAGES = {
  overview: ".tile .stat-value",
  ask: ".question-card",
  explore: ".answer table",
  architecture: ".savings, .empty, .failure",
  owners: ".owners-head, .empty, .failure, .note",
  data: ".dataset",
  activity: ".panel, .empty",
  settings: ".checks",
};

async function visit(page, origin, name) {
  await page.goto(`${origin}/${name}`);
  await page.locator(PAGES[name]).first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main .skeleton"));
}

export const tests = [
  ...["light", "dark"].map((scheme) => [`no page has a serious issue for assistive technology (${scheme})`, async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { dark: scheme === "dark" });
    for (const name of Object.keys(PAGES)) {
      await visit(page, server.origin, name);
      await expectAccessible(page, name);
    }
    await page.goto(`${server.origin}/ask?q=${encodeURIComponent("cost by service and month")}`);
    await page.locator(".answer[aria-busy=false] .chart canvas").waitFor();
    await page.getByRole("button", { name: "SQL", exact: true }).click();
    await expectAccessible(page, "an answer");
    await page.locator(".chip-open").first().click();
    await expectAccessible(page, "an answer with an open chip");
    await page.goto(`${server.origin}/ask?q=unicorns`);
    await page.locator(".declined").waitFor();
    await expectAccessible(page, "a declined question");
    await close();
  }]),
  ...[360, 768, 2560].map((width) => [`no page is wider than a window of ${width} pixels`, async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { width, height: 800 });
    const addresses = [...Object.keys(PAGES).map((name) => `/${name}`), `/ask?q=${encodeURIComponent("cost by service and region per month")}`];
    for (const address of addresses) {
      await page.goto(server.origin + address);
      await page.locator(PAGES[address.slice(1)] ?? ".answer[aria-busy=false] table").first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const inner = await page.evaluate(() => Math.max(...[...document.querySelectorAll("main, .thread")].map((one) => one.scrollWidth - one.clientWidth)));
      expect(wide <= 0 && inner <= 1, `${address} is ${Math.max(wide, inner)} pixels too wide`);
    }
    await close();
  }]),
  ["a phone reaches all pages through the navigation", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { width: 360, height: 740 });
    await page.getByRole("button", { name: "Navigation", exact: true }).click();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    await page.locator(".checks").waitFor();
    await close();
  }],
  ["dark and light follow the system until one of them is chosen, and then stay", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { dark: true, path: "/settings" });
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await back();
    await page.getByRole("group", { name: "Colours of the pages" }).getByRole("button", { name: "Light" }).click();
    const light = await back();
    expect(light !== dark, "light differs from dark");
    await page.reload();
    await page.locator(".checks").waitFor();
    expectEqual(await back(), light, "the choice stays");
    await close();
  }],
  ["each tile of the overview opens the question behind it", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server);
    const tile = page.locator(".tile", { hasText: "Total billed cost" });
    const shown = (await tile.locator(".stat-value").textContent()).trim();
    await tile.getByRole("link").first().click();
    await page.locator(".answer[aria-busy=false] .figures dd").first().waitFor();
    expectEqual((await page.locator(".answer .figures dd").first().textContent()).trim(), shown, "the answer's number");
    await page.goBack();
    await page.locator(".bars a").first().click();
    await page.locator(".answer[aria-busy=false] .chip.filter").waitFor();
    await close();
  }],
  ["the total of the overview is the program's", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server);
    const answer = JSON.parse(server.run("ask", "--json", "total cost"));
    const wanted = /\$[\d,.]*\d/.exec(answer.facts.find((fact) => fact.unit === "USD").display)[0];
    expectEqual((await page.locator(".tile", { hasText: "Total billed cost" }).locator(".stat-value").textContent()).trim(), wanted, "the total");
    await close();
  }],
  ["exploring: group, time, filter; a click on a member opens it, and going back undoes", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/explore" });
    await page.locator(".answer[aria-busy=false] table").waitFor();
    await page.getByRole("group", { name: "Over time" }).getByRole("button", { name: "month" }).click();
    await page.locator(".explore-result .paraphrase", { hasText: "per month" }).waitFor();
    await page.getByRole("group", { name: "Over time" }).getByRole("button", { name: "no" }).click();
    await page.locator(".explore-result .paraphrase", { hasText: "by service" }).waitFor();
    await page.locator(".answer[aria-busy=false] .cell-link").first().waitFor();
    const member = await page.locator(".cell-link").first().textContent();
    await page.locator(".cell-link").first().click();
    await page.locator(".builder .chip.filter", { hasText: member }).waitFor();
    await page.goBack();
    await page.locator(".builder .chip.filter").waitFor({ state: "detached" });
    await close();
  }],
  ["everything is reached with the keyboard", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    await page.locator(".question-card").first().waitFor();
    await page.keyboard.press("Tab");
    expectEqual(await page.evaluate(() => document.activeElement.textContent), "Skip to the page", "the first stop");
    await page.keyboard.press("Enter");
    expectEqual(await page.evaluate(() => document.activeElement.id), "main", "the page has the focus");
    await page.keyboard.press("/");
    expectEqual(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Question", "a stroke goes to the question");
    await page.keyboard.type("top 3 regions");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    const chip = page.locator(".chip-open").first();
    await page.locator(".answer[aria-busy=false]").waitFor();
    await chip.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await chip.evaluate((element) => element === document.activeElement), "the focus comes back");
    const outline = await chip.evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline !== "none", "the focus can be seen");
    await close();
  }],
  ["architecture and owners show what the server finds, or say that it does not", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/architecture" });
    const operations = await page.evaluate(async () => (await (await fetch("/api/v1/operations")).json()).operations.map((one) => one.name));
    await page.locator(PAGES.architecture).first().waitFor();
    if (operations.includes("architecture")) {
      const report = JSON.parse(server.run("architecture", "--json"));
      await page.locator(".savings").waitFor();
      expectEqual(await page.locator(".finding").count(), report.findings.length, "findings");
      if (report.findings.length) {
        await page.locator(".finding summary").first().click();
        await page.getByRole("button", { name: "Copy as ticket" }).first().waitFor();
      }
      const part = page.locator(".node", { hasText: /compute|database|bucket/ }).first();
      if (await part.count()) {
        await part.focus();
        await page.keyboard.press("Enter");
        await page.getByRole("link", { name: "Show the lines behind it" }).click();
        await page.locator(".answer[aria-busy=false] table").waitFor();
      }
    }
    await page.goto(`${server.origin}/owners`);
    await page.locator(PAGES.owners).first().waitFor();
    if (operations.includes("owners")) {
      const report = JSON.parse(server.run("owners", "--json"));
      if (report.resources?.length) {
        await page.locator(".owners-head").waitFor();
        const slider = page.getByRole("slider");
        await slider.fill("0");
        const named = report.resources.filter((one) => one.owner !== null).length;
        await page.locator(".owners-head", { hasText: `Tag commands for ${named.toLocaleString("en")}` }).waitFor();
      }
    }
    await close();
  }],
  ["activity shows what was asked", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask?q=unicorns" });
    await page.locator(".declined").waitFor();
    await page.getByRole("link", { name: "Activity" }).click();
    await page.locator("td", { hasText: "unicorns" }).first().waitFor();
    await close();
  }],
  ["nothing moves once a page stands", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/settings" });
    await page.locator(".checks").waitFor();
    await page.evaluate(() => {
      window.shifts = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value; }).observe({ type: "layout-shift", buffered: false });
    });
    await page.getByRole("link", { name: "Overview" }).first().click();
    await page.locator(".tile canvas").first().waitFor();
    await page.waitForFunction(() => !document.querySelector("main .skeleton"));
    await page.waitForTimeout(300);
    const shift = await page.evaluate(() => window.shifts);
    expect(shift < 0.1, `layout shift ${shift.toFixed(3)}`);
    await close();
  }],
];
