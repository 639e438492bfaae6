// Small parts that all pages use: states of a page (empty, loading, failed), and copying and saving.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messageOf, notify } from "../actions.ts";
import { ApiError } from "../api.ts";
import { Icon, type IconName } from "./icon.tsx";

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
    return (
        <section class="empty">
            <Icon name={icon} size={40} />
            <h2>{title}</h2>
            {children}
        </section>
    );
}

export function Failure({ message, again }: { message: string; again?: () => void }) {
    return (
        <div class="failure" role="alert">
            <Icon name="warning" />
            <p>{message}</p>
            {again && <button type="button" class="button" onClick={again}>Try again</button>}
        </div>
    );
}

/** Grey bars in the place of what is on its way, of the same height, so that nothing jumps. */
export function Skeleton({ height, lines = 0 }: { height?: number; lines?: number }) {
    if (!lines) return <div class="skeleton" style={{ height: `${height ?? 120}px` }} aria-hidden="true" />;
    return (
        <div class="skeleton-lines" aria-hidden="true">
            {Array.from({ length: lines }, (_, index) => <div class="skeleton" style={{ width: `${90 - ((index * 23) % 50)}%` }} />)}
        </div>
    );
}

export type Loaded<T> = { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; message: string; code: string };

/** Loads something when what it depends on changes; an answer that comes too late is dropped. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, needs: unknown[]): [Loaded<T>, () => void] {
    const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
    const [attempt, setAttempt] = useState(0);
    useEffect(() => {
        const controller = new AbortController();
        setLoaded((before) => (before.state === "ready" ? before : { state: "loading" }));
        load(controller.signal).then(
            (value) => !controller.signal.aborted && setLoaded({ state: "ready", value }),
            (error: unknown) => {
                if (controller.signal.aborted) return;
                setLoaded({ state: "failed", message: messageOf(error), code: error instanceof ApiError ? error.code : "" });
            },
        );
        return () => controller.abort();
    }, [...needs, attempt]);
    return [loaded, () => setAttempt((count) => count + 1)];
}

export async function copyText(text: string, what: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        notify(`${what} copied.`);
    } catch {
        // Without permission, or on a plain-text address: the old way, by a selection.
        const field = document.createElement("textarea");
        field.value = text;
        document.body.append(field);
        field.select();
        const copied = document.execCommand("copy");
        field.remove();
        notify(copied ? `${what} copied.` : "The browser does not allow copying here.");
    }
}

export function saveFile(name: string, content: Blob): void {
    const address = URL.createObjectURL(content);
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export const saveText = (name: string, text: string, type: string): void => saveFile(name, new Blob([text], { type: `${type};charset=utf-8` }));

/** A name for a file made of what it shows: letters, digits and hyphens. */
export const fileName = (title: string | null, extension: string): string =>
    `${(title ?? "curlew").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "curlew"}.${extension}`;
