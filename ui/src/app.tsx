// The shell: navigation at the left, what is selected for all pages at the top, the page itself.

import { useEffect } from "preact/hooks";
import { chooseDataSet, chooseMeasure, choosePeriod, setTheme, start } from "./actions.ts";
import { Icon, type IconName } from "./components/icon.tsx";
import { Empty } from "./components/parts.tsx";
import { PeriodPicker } from "./components/period-picker.tsx";
import { Choices, Popover } from "./components/popover.tsx";
import { measureChoices } from "./components/reading.tsx";
import { ActivityPage } from "./pages/activity.tsx";
import { ArchitecturePage } from "./pages/architecture.tsx";
import { AskPage } from "./pages/ask.tsx";
import { DataPage } from "./pages/data.tsx";
import { ExplorePage } from "./pages/explore.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { OwnersPage } from "./pages/owners.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import type { PageName } from "./route.ts";
import { getState, update, useStore, type Theme } from "./store.ts";

const PAGES: { name: PageName; label: string; icon: IconName; page: () => preact.JSX.Element }[] = [
    { name: "overview", label: "Overview", icon: "overview", page: OverviewPage },
    { name: "ask", label: "Ask", icon: "ask", page: AskPage },
    { name: "explore", label: "Explore", icon: "explore", page: ExplorePage },
    { name: "architecture", label: "Architecture", icon: "architecture", page: ArchitecturePage },
    { name: "owners", label: "Owners", icon: "owners", page: OwnersPage },
    { name: "data", label: "Data", icon: "data", page: DataPage },
    { name: "activity", label: "Activity", icon: "activity", page: ActivityPage },
    { name: "settings", label: "Settings", icon: "settings", page: SettingsPage },
];

export function App() {
    const session = useStore((state) => state.session);
    if (session === "locked") return <Locked />;
    if (session === "unreachable") return <Unreachable />;
    return <Shell />;
}

function Shell() {
    const session = useStore((state) => state.session);
    const route = useStore((state) => state.route);
    const open = useStore((state) => state.navigation_open);
    const notice = useStore((state) => state.notice);
    const page = PAGES.find((have) => have.name === route.page)!;
    useEffect(() => { document.title = `${page.label} · curlew`; }, [page]);
    useEffect(() => {
        // “/” goes to the question field from anywhere, as in many tools; Escape closes the navigation.
        const onKey = (event: KeyboardEvent): void => {
            const target = event.target as HTMLElement;
            const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
            if (event.key === "Escape" && getState().navigation_open) update({ navigation_open: false });
            if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
            const field = document.querySelector<HTMLElement>("[data-question]");
            if (field) { event.preventDefault(); field.focus(); }
        };
        document.addEventListener("keydown", onKey);
        return () => document.removeEventListener("keydown", onKey);
    }, []);
    const Page = page.page;
    return (
        <div class={`shell${open ? " navigation-open" : ""}`}>
            <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the page</a>
            <Navigation current={route.page} />
            {open && <button type="button" class="curtain" aria-label="Close navigation" onClick={() => update({ navigation_open: false })} />}
            <header class="topbar">
                <button type="button" class="button bare menu-button" title="Navigation" aria-label="Navigation" aria-expanded={open} onClick={() => update({ navigation_open: !open })}>
                    <Icon name="menu" />
                </button>
                <h1>{page.label}</h1>
                <Selectors />
            </header>
            <main id="main" class={`page page-${page.name}`} tabIndex={-1}>
                {session === "starting" ? <div class="page-wait" role="status">Starting …</div> : <Page />}
            </main>
            <div class="notices" role="status" aria-live="polite">{notice && <p class="notice">{notice}</p>}</div>
        </div>
    );
}

function Navigation({ current }: { current: PageName }) {
    const server = useStore((state) => state.server);
    return (
        <nav class="navigation" aria-label="Pages">
            <a class="brand" href="/overview" title="curlew: Overview">
                <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" class="brand-back" /><path d="M6 12.5c4.5-4.500 9-3.600 11 0 1.900 3.400 5 6.500 9 9.500-5-.9-8.700-2.900-11-5.700-2.100 2.400-5.600 3.400-9 2.900 2.700-1.400 3.900-4 0-6.700z" class="brand-bird" /></svg>
                <span>curlew</span>
            </a>
            <ul>
                {PAGES.map((page) => (
                    <li>
                        <a href={`/${page.name}`} aria-current={page.name === current ? "page" : undefined} title={page.label}>
                            <Icon name={page.icon} />
                            <span>{page.label}</span>
                        </a>
                    </li>
                ))}
            </ul>
            <div class="navigation-foot">
                <ThemeSwitch />
                {server && <span class="quiet small-text navigation-version">{server.version}</span>}
            </div>
        </nav>
    );
}

function ThemeSwitch() {
    const theme = useStore((state) => state.theme);
    const themes: { value: Theme; icon: IconName; label: string }[] = [
        { value: "light", icon: "sun", label: "Light" }, { value: "dark", icon: "moon", label: "Dark" }, { value: "auto", icon: "auto", label: "As the system" },
    ];
    return (
        <div class="segmented theme-switch" role="group" aria-label="Colours">
            {themes.map((have) => (
                <button type="button" aria-pressed={theme === have.value} aria-label={have.label} title={have.label} onClick={() => setTheme(have.value)}><Icon name={have.icon} size={15} /></button>
            ))}
        </div>
    );
}

function Selectors() {
    const datasets = useStore((state) => state.datasets);
    const dataset = useStore((state) => state.dataset);
    const fields = useStore((state) => state.fields);
    const measure = useStore((state) => state.measure);
    const period = useStore((state) => state.period);
    if (!datasets.length) return null;
    const measureLabel = fields?.measures.find((field) => field.name === measure)?.label ?? fields?.measures[0]?.label ?? "measure";
    return (
        <div class="selectors" role="group" aria-label="Selected for all pages">
            {datasets.length > 1 && (
                <Popover class="button selector" title="Data set" align="right" label={<><Icon name="data" size={15} /><span>{dataset}</span><Icon name="down" size={13} /></>}>
                    {(close) => <Choices current={dataset} choices={datasets.map((have) => ({ value: have.name, label: have.name, hint: have.kind ?? "" }))}
                        onChoose={(name) => { close(); if (name) void chooseDataSet(name); }} />}
                </Popover>
            )}
            {fields?.first_day && (
                <Popover class="button selector" title="Period" align="right" label={<><Icon name="calendar" size={15} /><span>{period?.label ?? "All data"}</span><Icon name="down" size={13} /></>}>
                    {(close) => <PeriodPicker current={period} onChoose={(next) => { close(); choosePeriod(next); }} />}
                </Popover>
            )}
            {fields && fields.measures.length > 0 && (
                <Popover class="button selector" title="Measure" align="right" label={<><Icon name="measure" size={15} /><span>{measureLabel}</span><Icon name="down" size={13} /></>}>
                    {(close) => <Choices search="Search measures" current={measure ?? fields.measures[0]?.name} choices={measureChoices(fields)}
                        onChoose={(name) => { close(); chooseMeasure(name === fields.measures[0]?.name ? null : name); }} />}
                </Popover>
            )}
        </div>
    );
}

/** The link with the token was not opened in this browser, or the server was started anew. */
function Locked() {
    const enter = (event: SubmitEvent): void => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget as HTMLFormElement).get("token");
        const text = String(typed ?? "").trim();
        const token = /[?&#]token=([^&#\s]+)/.exec(text)?.[1] ?? encodeURIComponent(text);
        if (token) window.location.assign(`/?token=${token}`);
    };
    return (
        <main class="gate" id="main">
            <Empty icon="settings" title="Open the link that curlew printed">
                <p>When it starts, <code>curlew serve</code> prints a link with an access token. Open that link, or paste it here.</p>
                <form class="gate-form" onSubmit={enter}>
                    <label for="token">Link or token</label>
                    <input id="token" name="token" class="field" type="password" autocomplete="off" spellcheck={false} required />
                    <button type="submit" class="button primary">Open</button>
                </form>
            </Empty>
        </main>
    );
}

function Unreachable() {
    const message = useStore((state) => state.message);
    return (
        <main class="gate" id="main">
            <Empty icon="warning" title="The server does not answer">
                <p>{message}</p>
                <button type="button" class="button primary" onClick={() => { update({ session: "starting" }); void start(); }}>Try again</button>
            </Empty>
        </main>
    );
}
