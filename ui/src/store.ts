// The one store: what the pages share. Components read it with useStore(), actions change it with update().

import { useEffect, useState } from "preact/hooks";
import type { Answer, DataSet, Fields, Import, Operation, Period, Plan, Profile, Server } from "./contract.ts";
import { readRoute, type Route } from "./route.ts";

export type Theme = "auto" | "light" | "dark";

/** A question with what came of it. */
export interface Turn {
    id: number;
    question: string | null;
    query: string | null; // SQL that was typed instead of a question
    answer: Answer;
    busy: boolean;
    asked_at: number; // ms since 1970
    took_ms: number | null; // from asking to the whole answer, as the browser saw it
}

export interface SelectedPeriod extends Period {
    label: string;
}

export interface FileUpload {
    key: number;
    name: string;
    size: number;
    sent: number;
    state: "waiting" | "sending" | "sent" | "failed";
    message?: string;
    id?: string;
}

export interface State {
    session: "starting" | "ready" | "locked" | "unreachable";
    message: string;
    route: Route;
    server: Server | null;
    operations: Operation[];
    datasets: DataSet[];
    dataset: string | null; // null: the bill
    fields: Fields | null;
    profile: Profile | null;
    measure: string | null; // null: the data set's first
    period: SelectedPeriod | null; // null: all data
    theme: Theme;
    turns: Turn[];
    draft: string;
    explore: Plan | null;
    uploads: FileUpload[];
    import: Import | null;
    import_message: string;
    data_version: number; // counts imports: pages ask again when it changes
    notice: string;
    navigation_open: boolean;
}

const initial: State = {
    session: "starting", message: "", route: readRoute(window.location) ?? { page: "overview", query: new URLSearchParams() }, server: null, operations: [], datasets: [],
    dataset: null, fields: null, profile: null, measure: null, period: null, theme: "auto", turns: [], draft: "", explore: null,
    uploads: [], import: null, import_message: "", data_version: 0, notice: "", navigation_open: false,
};

let state: State = initial;
const listeners = new Set<() => void>();

export const getState = (): State => state;

export function update(change: Partial<State> | ((state: State) => Partial<State>)): void {
    state = { ...state, ...(typeof change === "function" ? change(state) : change) };
    for (const listener of [...listeners]) listener();
}

/** The part of the store that `select` picks; the component is drawn anew when that part changes. */
export function useStore<T>(select: (state: State) => T): T {
    const [, redraw] = useState(0);
    const value = select(state);
    useEffect(() => {
        let last = select(state);
        if (last !== value) redraw((count) => count + 1);
        const listener = (): void => {
            const next = select(state);
            if (next === last) return;
            last = next;
            redraw((count) => count + 1);
        };
        listeners.add(listener);
        return () => void listeners.delete(listener);
    }, []);
    return value;
}

export const hasOperation = (name: string): boolean => state.operations.some((operation) => operation.name === name);
