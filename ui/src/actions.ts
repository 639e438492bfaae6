// What users do: starting, going from page to page, asking. Actions change the store; components only call them.

import { ApiError, call, emptyAnswer, get, loadFields, stream, whenLocked } from "./api.ts";
import type { Answer, DataSet, Operation, Plan, Profile, Server } from "./contract.ts";
import { withTime, withMeasure } from "./plan.ts";
import { pageLink, planLink, planOfRoute, readRoute, type PageName, type Route } from "./route.ts";
import { getState, update, type SelectedPeriod, type Theme, type Turn } from "./store.ts";

// --- starting ---

const THEME_KEY = "curlew-theme";

export function setTheme(theme: Theme): void {
    if (theme === "auto") {
        delete document.documentElement.dataset["theme"];
        localStorage.removeItem(THEME_KEY);
    } else {
        document.documentElement.dataset["theme"] = theme;
        localStorage.setItem(THEME_KEY, theme);
    }
    update({ theme });
}

export async function start(): Promise<void> {
    const theme = localStorage.getItem(THEME_KEY);
    setTheme(theme === "light" || theme === "dark" ? theme : "auto");
    whenLocked(() => update({ session: "locked" }));
    window.addEventListener("popstate", () => showRoute(readRoute(window.location)));
    document.addEventListener("click", followLink);
    try {
        const [server, operations] = await Promise.all([get<Server>("/server"), get<{ operations: Operation[] }>("/operations"), loadDataSets()]);
        update({ server, operations: operations.operations, session: "ready" });
        const route = readRoute(window.location);
        if (!route) go(server.loaded ? "overview" : "data", {}, true);
        else showRoute(route);
    } catch (error) {
        if (getState().session !== "locked") update({ session: "unreachable", message: messageOf(error) });
    }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The data sets, and the names and facts of the current one; called again after each import. */
export async function loadDataSets(): Promise<void> {
    try {
        const found = await call<{ datasets: DataSet[] }>("datasets");
        const datasets = found.datasets ?? [];
        const current = getState().dataset;
        update({ datasets, dataset: datasets.some((have) => have.name === current) ? current : (datasets[0]?.name ?? null) });
        if (datasets.length) await loadCatalog();
        else update({ fields: null, profile: null });
    } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "NOTHING_LOADED") throw error;
        update({ datasets: [], dataset: null, fields: null, profile: null });
    }
}

async function loadCatalog(): Promise<void> {
    const { dataset } = getState();
    const fields = await loadFields(dataset);
    if (getState().dataset !== dataset) return;
    update({ fields });
    // The profile takes longer, and only some pages need it: they say that it is on its way.
    call<Profile>("profile", dataset ? { dataset } : {}).then(
        (profile) => getState().dataset === dataset && update({ profile }),
        (error: unknown) => notify(messageOf(error)),
    );
}

export async function chooseDataSet(name: string): Promise<void> {
    update({ dataset: name, fields: null, profile: null, measure: null, period: null, turns: [], explore: null });
    try {
        await loadCatalog();
        update((state) => ({ data_version: state.data_version + 1 }));
    } catch (error) {
        update({ notice: messageOf(error) });
    }
}

export const chooseMeasure = (measure: string | null): void => update({ measure });
export const choosePeriod = (period: SelectedPeriod | null): void => update({ period });

// --- going from page to page ---

function showRoute(route: Route | null): void {
    if (!route) return;
    update({ route, navigation_open: false });
    const plan = planOfRoute(route);
    if (route.page === "explore" && plan) update({ explore: plan });
    if (route.page !== "ask") return;
    const question = route.query.get("q");
    const shown = getState().turns.at(-1);
    if (plan && JSON.stringify(shown?.answer.plan) !== JSON.stringify(plan)) void ask({ plan, question });
    else if (!plan && question && shown?.question !== question) void ask({ question });
}

export function go(page: PageName, query: { [name: string]: string | null | undefined } = {}, replace = false): void {
    goTo(pageLink(page, query), replace);
}

export function goTo(address: string, replace = false): void {
    history[replace ? "replaceState" : "pushState"](null, "", address);
    showRoute(readRoute(window.location));
    if (!replace) document.getElementById("main")?.scrollTo(0, 0);
}

/** Links of our own pages change the page without loading it anew; modified clicks stay the browser's. */
function followLink(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== window.location.origin) return;
    if (!readRoute(link)) return;
    event.preventDefault();
    goTo(link.pathname + link.search);
}

// --- asking ---

export interface Request {
    question?: string | null;
    plan?: Plan | null;
    query?: string; // SQL
    fresh?: boolean; // stands alone: not a follow-up of what was asked before
}

const KEPT_TURNS = 50;
let nextTurn = 1;
const running = new Map<number, AbortController>();

function changeTurn(id: number, change: Partial<Turn>): void {
    update((state) => ({ turns: state.turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn)) }));
}

/** The conversation as the server left it after the last answered question before `id`. */
function conversationBefore(id: number): unknown {
    return getState().turns.filter((turn) => turn.id < id && turn.answer.conversation).at(-1)?.answer.conversation ?? null;
}

/** Puts the global period and measure where a question named none. Null when there is nothing to put. */
function withSelections(plan: Plan): Plan | null {
    const { period, measure } = getState();
    const assumed = new Set((plan.assumptions ?? []).map((assumption) => assumption.field));
    let next = plan;
    if (measure && assumed.has("measure") && plan.measures[0] !== measure) next = withMeasure(next, measure);
    if (period && assumed.has("time") && !plan.time && !plan.compare) next = withTime(next, period);
    if (next === plan) return null;
    const why = [next.measures[0] !== plan.measures[0] ? "measure" : "", next.time ? "period" : ""].filter(Boolean).join(" and ");
    return { ...next, assumptions: [...(next.assumptions ?? []), { field: "selection", why: `${why} as selected at the top of the page` }] };
}

async function run(id: number, request: Request): Promise<void> {
    const controller = new AbortController();
    running.get(id)?.abort();
    running.set(id, controller);
    const began = performance.now();
    const { dataset } = getState();
    const base: Partial<Answer> = request.question ? { question: request.question } : {};
    let selected: Plan | null = null;
    const watch = (answer: Answer): void => {
        if (!request.plan && !request.query && answer.plan && answer.columns.length === 0) {
            selected = withSelections(answer.plan);
            if (selected) return controller.abort();
        }
        // The answer that is being revised stays until there is something to put in its place.
        const shown = getState().turns.find((turn) => turn.id === id)?.answer;
        if (shown && shown.columns.length > 0 && answer.rows.length === 0 && answer.status === "working") return;
        changeTurn(id, { answer: { ...answer, ...(answer.question ? {} : base) } });
    };
    try {
        const conversation = request.fresh ? null : conversationBefore(id);
        const body = request.query
            ? { query: request.query }
            : { ...(request.plan ? { plan: request.plan } : {}), ...(request.question ? { question: request.question } : {}), ...(conversation ? { conversation } : {}) };
        const answer = await stream(request.query ? "sql" : "ask", { ...body, ...(dataset ? { dataset } : {}) }, controller.signal, watch);
        changeTurn(id, { answer: { ...answer, ...(answer.question ? {} : base) }, busy: false, took_ms: performance.now() - began });
        const route = getState().route;
        if (route.page === "ask" && answer.plan && getState().turns.at(-1)?.id === id)
            history.replaceState(null, "", planLink("ask", answer.plan));
    } catch (error) {
        if (selected && controller.signal.aborted) return run(id, { ...request, plan: selected });
        if (running.get(id) !== controller) return;
        const code = error instanceof ApiError ? error.code : controller.signal.aborted ? "STOPPED" : "BROKEN";
        const message = controller.signal.aborted ? "Stopped. Nothing was counted." : messageOf(error);
        const refused = error instanceof ApiError && error.refused;
        changeTurn(id, {
            busy: false,
            answer: { ...emptyAnswer(request.question ?? null), status: refused ? "refused" : "error", reason: { code, message, nearest: refused ? error.nearest : [] } },
        });
    } finally {
        if (running.get(id) === controller) running.delete(id);
    }
}

/** Asks a question, or carries out a plan, as a new turn of the conversation. */
export async function ask(request: Request): Promise<void> {
    const question = request.question?.trim() || null;
    if (!question && !request.plan && !request.query) return;
    const id = nextTurn++;
    const turn: Turn = { id, question, query: request.query ?? null, answer: emptyAnswer(question), busy: true, asked_at: Date.now(), took_ms: null };
    update((state) => ({ turns: [...state.turns, turn].slice(-KEPT_TURNS), draft: "" }));
    if (getState().route.page !== "ask") {
        history.pushState(null, "", "/ask");
        update({ route: { page: "ask", query: new URLSearchParams() }, navigation_open: false });
    }
    await run(id, { ...request, question });
}

/** Carries out an edited plan, or edited SQL, in the place of a turn's answer. */
export async function revise(id: number, request: Request): Promise<void> {
    const turn = getState().turns.find((have) => have.id === id);
    if (!turn) return;
    changeTurn(id, { busy: true, took_ms: null, query: request.query ?? null });
    await run(id, request);
}

export const stopAsking = (id: number): void => running.get(id)?.abort();
export const forgetTurns = (): void => {
    for (const controller of running.values()) controller.abort();
    update({ turns: [] });
    history.replaceState(null, "", "/ask");
};

let noticeTimer = 0;

/** A short message that goes away by itself. */
export function notify(notice: string): void {
    window.clearTimeout(noticeTimer);
    update({ notice });
    noticeTimer = window.setTimeout(() => update({ notice: "" }), 5000);
}
