// Choosing values of a dimension for a filter; the server searches, so that a million resources are no matter.

import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../actions.ts";
import { loadValues } from "../api.ts";
import type { FieldValue, PlanFilter } from "../contract.ts";
import { displayCount } from "../number.ts";
import { useStore } from "../store.ts";

interface Props {
    dimension: string;
    label: string;
    filter: PlanFilter | null;
    onApply: (filter: PlanFilter) => void;
}

const SEARCH_PAUSE_MS = 150;

export function ValuePicker({ dimension, label, filter, onApply }: Props) {
    const dataset = useStore((state) => state.dataset);
    const [search, setSearch] = useState("");
    const [found, setFound] = useState<FieldValue[] | null>(null);
    const [message, setMessage] = useState("");
    const [chosen, setChosen] = useState<string[]>(filter?.values ?? []);
    const [op, setOp] = useState<PlanFilter["op"]>(filter?.op === "not_in" ? "not_in" : "in");

    useEffect(() => {
        const controller = new AbortController();
        const timer = setTimeout(() => {
            loadValues(dimension, search, dataset, controller.signal).then(
                (values) => { setFound(values); setMessage(""); },
                (error: unknown) => { if (!controller.signal.aborted) setMessage(messageOf(error)); },
            );
        }, found ? SEARCH_PAUSE_MS : 0);
        return () => {
            clearTimeout(timer);
            controller.abort();
        };
    }, [dimension, search]);

    const toggle = (value: string): void => setChosen((have) => (have.includes(value) ? have.filter((one) => one !== value) : [...have, value]));
    const values = [...chosen.filter((value) => !found?.some((have) => have.value === value)).map((value) => ({ value })), ...(found ?? [])] as FieldValue[];
    return (
        <form class="value-picker" onSubmit={(event) => { event.preventDefault(); if (chosen.length) onApply({ dimension, op, values: chosen }); }}>
            <div class="segmented" role="group" aria-label="How the values filter">
                <button type="button" aria-pressed={op === "in"} onClick={() => setOp("in")}>is one of</button>
                <button type="button" aria-pressed={op === "not_in"} onClick={() => setOp("not_in")}>is none of</button>
            </div>
            <input type="search" class="field" data-autofocus placeholder={`Search ${label}`} aria-label={`Search ${label}`} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
            <ul class="choice-list">
                {values.map((have) => (
                    <li>
                        <label class="choice">
                            <input type="checkbox" data-item checked={chosen.includes(have.value)} onChange={() => toggle(have.value)} />
                            <span>{have.value || "(none)"}</span>
                            {have.row_count !== undefined && <small>{displayCount(have.row_count)} lines</small>}
                        </label>
                    </li>
                ))}
                {found?.length === 0 && <li class="quiet choice-empty">No value is called so.</li>}
                {!found && !message && <li class="quiet choice-empty">Looking …</li>}
                {message && <li class="choice-empty" role="alert">{message}</li>}
            </ul>
            <div class="row">
                <button type="submit" class="button small primary" disabled={!chosen.length}>Apply</button>
                <button type="button" class="button small" onClick={() => onApply({ dimension, op: "empty" })}>Without a value</button>
                <button type="button" class="button small" onClick={() => onApply({ dimension, op: "not_empty" })}>With any value</button>
            </div>
        </form>
    );
}
