// Ask: answers, follow-ups, questions back, refusals, SQL, exports, links.
import { ask, download, expect, expectEqual, fixture, openPage } from "./world.mjs";

export const files = [fixture("hard/bill.csv.gz")];

// The table of an answer as the program prints it for Markdown: the same texts must stand in the page.
function markdownRows(text) {
  return text.split("\n").filter((line) => line.startsWith("| ") && !/^\|\s*:?-/.test(line)).slice(1)
    .map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim().replace(/\\(.)/g, "$1").replace(/\*\*/g, "")));
}

const cells = (table, rows) => table.locator("tbody tr:not(.spacer)").evaluateAll((list, most) => list.slice(0, most).map((row) => [...row.cells].map((cell) => cell.textContent)), rows);

export const tests = [
  ["a question is answered with reading, sentences, chart and table in the program's own numbers", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    await page.locator(".question-card").first().waitFor();
    const turn = await ask(page, "top 5 services");
    await turn.locator(".chart canvas").waitFor();
    expect((await turn.locator(".chip").count()) >= 4, "the reading has chips for measure, period, group and rank");
    const wanted = markdownRows(server.run("ask", "--markdown", "top 5 services")).slice(0, 5);
    const found = await cells(turn.locator("table"), 5);
    expectEqual(JSON.stringify(found), JSON.stringify(wanted), "rows of the table");
    expect(/\d+\/\d+ numbers checked/.test(await turn.locator(".basis").textContent()), "it says that its numbers are checked");
    const fact = turn.locator(".fact").nth(1);
    expect(/row|sum|total/.test(await fact.getAttribute("title")), "a number says on hover where it comes from");
    await fact.click();
    await turn.locator(".fact-source .exact").waitFor();
    await page.keyboard.press("Escape");
    await close();
  }],
  ["a follow-up goes on from the answer before", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    await ask(page, "EC2 cost in March 2025");
    const turn = await ask(page, "and by region?");
    const reading = await turn.locator(".paraphrase").textContent();
    expect(/region/.test(reading) && /March 2025/.test(reading) && /Elastic Compute/.test(reading), `reading: ${reading}`);
    await close();
  }],
  ["a follow-up says what it goes on from, and can be asked alone", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    await ask(page, "EC2 cost in March 2025");
    const turn = await ask(page, "by region");
    await turn.locator(".kept").waitFor();
    await turn.getByRole("button", { name: "Ask it alone" }).click();
    await turn.locator(".kept").waitFor({ state: "detached" });
    const reading = await turn.locator(".paraphrase, .declined").first().textContent();
    expect(!/Elastic Compute/.test(reading), `reading: ${reading}`);
    await close();
  }],
  ["a question back offers readings, and one of them is carried out", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "average cost");
    await turn.locator(".declined.clarify").waitFor();
    await turn.locator(".alternative").first().click();
    await turn.locator(".answer[aria-busy=false]").waitFor();
    expect(/Average billed cost/.test(await turn.textContent()), "the chosen reading is answered");
    await close();
  }],
  ["what is not understood is declined with the reason, and what could be asked instead", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "cost of unicorns");
    expect(/unicorns.*not understood/.test(await turn.locator(".declined").textContent()), "the word is named");
    expect((await turn.locator(".suggestion").count()) > 0, "there are suggestions");
    await close();
  }],
  ["a chip changes the reading, and another is taken away", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "cost by service in March 2025");
    await turn.locator(".chip.period .chip-open").click();
    await page.getByRole("button", { name: "February 2025", exact: true }).click();
    await turn.locator(".paraphrase", { hasText: "February 2025" }).waitFor();
    await turn.locator(".chip.period .chip-close").click();
    await turn.locator(".paraphrase", { hasText: "all loaded data" }).waitFor();
    await turn.locator(".chip-add").click();
    await page.getByRole("searchbox", { name: "Search dimensions" }).fill("region");
    await page.getByRole("button", { name: "region", exact: true }).first().click();
    await page.getByRole("checkbox", { name: /us-east-1/ }).check();
    await page.getByRole("button", { name: "Apply" }).click();
    await turn.locator(".chip.filter", { hasText: "us-east-1" }).waitFor();
    await close();
  }],
  ["the selectors at the top hold for questions that name no period", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    await page.getByTitle("Period", { exact: true }).click();
    await page.getByRole("button", { name: "March 2025", exact: true }).click();
    const turn = await ask(page, "top 3 services");
    await turn.locator(".paraphrase", { hasText: "March 2025" }).waitFor();
    const said = await ask(page, "top 3 services in February 2025");
    await said.locator(".paraphrase", { hasText: "February 2025" }).waitFor();
    await close();
  }],
  ["SQL is shown, edited and run; what only the guard may not let through is refused", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "top 3 services");
    await turn.getByRole("button", { name: "SQL", exact: true }).click();
    expect(/SELECT/.test(await turn.locator(".sql-text").textContent()), "the SQL is shown");
    await turn.getByRole("button", { name: "Edit" }).click();
    await turn.locator(".sql-editor").fill("SELECT count(*) AS lines FROM bill");
    await turn.locator(".sql-editor").press("Control+Enter");
    const typed = page.locator(".turn").last();
    await typed.locator(".badge.warn", { hasText: "typed SQL" }).waitFor();
    await typed.locator(".answer[aria-busy=false] table, .answer[aria-busy=false] .figures").waitFor();
    const lines = JSON.parse(server.run("sql", "--json", "SELECT count(*) AS lines FROM bill")).rows[0][0];
    expect((await typed.textContent()).replace(/,/g, "").includes(String(lines)), `the count ${lines} is shown`);
    await typed.getByRole("button", { name: "SQL", exact: true }).click();
    await typed.getByRole("button", { name: "Edit" }).click();
    await typed.locator(".sql-editor").fill("DROP TABLE bill");
    await typed.getByRole("button", { name: "Run" }).click();
    const refused = page.locator(".turn").last();
    await refused.locator(".declined", { hasText: "guard did not let this run" }).waitFor();
    await close();
  }],
  ["an answer is saved as CSV, Markdown, PNG and SVG", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "top 3 services");
    await turn.locator(".chart canvas").waitFor();
    const save = async (kind) => {
      await turn.getByRole("button", { name: "Export" }).click();
      return download(page, () => page.getByRole("button", { name: new RegExp(`^${kind}`) }).click());
    };
    const csv = await save("CSV");
    expectEqual(csv.bytes.toString().trim(), server.run("ask", "--csv", "top 3 services").trim(), "the CSV");
    expect((await save("Markdown")).bytes.toString().includes("|"), "Markdown has a table");
    const png = await save("PNG");
    expectEqual(png.bytes.subarray(1, 4).toString(), "PNG", "the picture's first bytes");
    expect((await save("SVG")).bytes.toString().startsWith("<svg"), "the drawing is SVG");
    await close();
  }],
  ["a link holds the plan: another window shows the same", async ({ browser, server }) => {
    const { page, context, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "S3 cost per month");
    await page.waitForURL(/plan=/);
    const rows = await cells(turn.locator("table"), 50);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.locator(".answer[aria-busy=false] table").waitFor();
    expectEqual(JSON.stringify(await cells(other.locator("table").first(), 50)), JSON.stringify(rows), "rows in the other window");
    await close();
  }],
  ["the kind of chart can be chosen, and the table sorted by exact values", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "cost by service");
    await turn.locator(".chart canvas").waitFor();
    for (const kind of ["Treemap", "Bars"]) {
      const button = turn.getByRole("button", { name: kind, exact: true });
      if (!(await button.count())) continue;
      await button.click();
      expectEqual(await button.getAttribute("aria-pressed"), "true", `${kind} is chosen`);
      await turn.locator(".chart canvas").waitFor();
    }
    await turn.getByRole("button", { name: "billed cost", exact: true }).last().click();
    const heading = turn.locator("th").last();
    expectEqual(await heading.getAttribute("aria-sort"), "descending", "first by the largest");
    await heading.locator("button").click();
    expectEqual(await heading.getAttribute("aria-sort"), "ascending", "then by the smallest");
    await close();
  }],
  ["ten thousand rows scroll with few of them in the page", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const turn = await ask(page, "cost per day by usage type");
    const box = turn.locator(".table-box").first();
    await box.waitFor();
    const rows = Number(await box.locator("table").getAttribute("aria-rowcount")) - 1;
    expect(rows >= 5000, `the answer is long: ${rows} rows`);
    const spent = await box.evaluate(async (element) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      let slowest = 0;
      for (let at = 0; at < element.scrollHeight; at += element.scrollHeight / 60) {
        const began = performance.now();
        element.scrollTop = at;
        await frame();
        slowest = Math.max(slowest, performance.now() - began);
      }
      element.scrollTop = element.scrollHeight;
      await frame();
      await frame();
      return slowest;
    });
    expect((await box.locator("tbody tr").count()) < 120, "only rows in view are in the page");
    const last = await box.locator("tbody tr[aria-rowindex]").last().getAttribute("aria-rowindex");
    expectEqual(Number(last), rows + 1, "the last row can be reached");
    expect(spent < 250, `no frame took long: ${spent.toFixed(0)} ms`);
    await close();
  }],
  ["words are completed from the data while one types", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { path: "/ask" });
    const field = page.getByRole("combobox", { name: "Question" });
    await field.pressSequentially("top 5 serv");
    const list = page.getByRole("listbox", { name: "Completions" });
    await list.waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(/^top 5 serv/.test(await field.inputValue()) && (await field.inputValue()).length > 11, "the word is completed");
    await close();
  }],
];
