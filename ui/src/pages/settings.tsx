// Settings: what this server is and how it is set. Nothing is shown that cannot be had.

import { setTheme } from "../actions.ts";
import { call } from "../api.ts";
import { Icon } from "../components/icon.tsx";
import { Failure, Skeleton, useLoaded } from "../components/parts.tsx";
import type { Doctor } from "../contract.ts";
import { displayBytes, displayCount } from "../number.ts";
import { useStore, type Theme } from "../store.ts";

export function SettingsPage() {
    return (
        <div class="columns">
            <Appearance />
            <Conventions />
            <ServerFacts />
            <Installation />
        </div>
    );
}

function Appearance() {
    const theme = useStore((state) => state.theme);
    const choices: { value: Theme; label: string }[] = [{ value: "auto", label: "As the system" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" }];
    return (
        <section class="panel">
            <h2>Appearance</h2>
            <div class="segmented" role="group" aria-label="Colours of the pages">
                {choices.map((choice) => <button type="button" aria-pressed={theme === choice.value} onClick={() => setTheme(choice.value)}>{choice.label}</button>)}
            </div>
        </section>
    );
}

function Conventions() {
    const fields = useStore((state) => state.fields);
    return (
        <section class="panel">
            <h2>Conventions</h2>
            <dl class="pairs">
                <dt>cost, unless said</dt><dd>{fields?.measures[0]?.label ?? "the first measure of the data"}</dd>
                <dt>period, unless said</dt><dd>all loaded data</dd>
                <dt>today</dt><dd>{fields?.as_of ?? "the last day of usage"}</dd>
                <dt>days and months</dt><dd>UTC; weeks begin on Monday; years in January</dd>
                <dt>language model</dt><dd>none: questions are read by curlew itself</dd>
                <dt>engine</dt><dd>DuckDB, in this program</dd>
            </dl>
            <p class="quiet small-text">Each answer says which of these it used. Say otherwise in a question, or choose a measure and a period at the top of the page.</p>
        </section>
    );
}

function ServerFacts() {
    const server = useStore((state) => state.server);
    if (!server) return null;
    const limits = server.limits ?? {};
    return (
        <section class="panel">
            <h2>Server</h2>
            <dl class="pairs">
                <dt>version</dt><dd>{server.version}</dd>
                <dt>engine</dt><dd>{server.engine}</dd>
                {server.workspace && <><dt>workspace</dt><dd class="breakable">{server.workspace}</dd></>}
                {limits.questions_at_once !== undefined && <><dt>questions at once</dt><dd>{displayCount(limits.questions_at_once)}</dd></>}
                {limits.upload_bytes !== undefined && <><dt>largest upload</dt><dd>{displayBytes(limits.upload_bytes)}</dd></>}
            </dl>
        </section>
    );
}

function Installation() {
    const [loaded, again] = useLoaded((signal) => call<Doctor>("doctor", {}, signal), []);
    return (
        <section class="panel wide">
            <h2>Installation</h2>
            {loaded.state === "loading" && <Skeleton lines={6} />}
            {loaded.state === "failed" && <Failure message={loaded.message} again={again} />}
            {loaded.state === "ready" && (
                <ul class="checks">
                    {loaded.value.checks.map((check) => (
                        <li class={check.ok ? "good" : "bad"}>
                            <Icon name={check.ok ? "check" : "warning"} size={17} />
                            <strong>{check.name}</strong>
                            <span>{check.found}{check.todo ? ` ${check.todo}` : ""}</span>
                        </li>
                    ))}
                </ul>
            )}
        </section>
    );
}
