// Every request of the client goes through here. Addresses, failures and streams are known to this file alone.
//
// The access token travels in a cookie that the server set when the link was opened: nothing here sees it.

import type { Answer, Fields, FieldValue, Import, Reason, Upload } from "./contract.ts";
import { parseJson, type Json } from "./json.ts";

const ROOT = "/api/v1";

/** A request that failed: a sentence for people, and its code. `refused`: nothing broke, it is not to be had. */
export class ApiError extends Error {
    constructor(readonly code: string, message: string, readonly status = 0, readonly refused = false, readonly nearest: string[] = []) {
        super(message);
    }
}

let onLocked: () => void = () => {};

/** Called when the server says that it does not know this browser. */
export function whenLocked(handler: () => void): void {
    onLocked = handler;
}

async function send(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(ROOT + path, { credentials: "same-origin", cache: "no-store", ...init });
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw new ApiError("UNREACHABLE", "The server does not answer. It may have been stopped: start it again with “curlew serve”.");
    }
    if (response.status === 401) {
        onLocked();
        throw new ApiError("LOCKED", "This browser is not signed in: open the link that curlew printed when it started.", 401);
    }
    return response;
}

async function failure(response: Response): Promise<ApiError> {
    const text = await response.text();
    try {
        const body = parseJson(text) as unknown as { status?: string; reason?: Reason };
        if (body.reason?.message) return new ApiError(body.reason.code, body.reason.message, response.status, body.status === "refused", body.reason.nearest);
    } catch {
        // Not the server's own words: said below.
    }
    return new ApiError("HTTP", `The server answered with status ${response.status}.`, response.status);
}

function jsonRequest(body: unknown, accept: string, signal?: AbortSignal): RequestInit {
    return {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: accept },
        body: JSON.stringify(body),
        signal: signal ?? null,
    };
}

export async function get<T>(path: string): Promise<T> {
    const response = await send(path);
    if (!response.ok) throw await failure(response);
    return parseJson(await response.text()) as unknown as T;
}

/** Calls an operation and gives its JSON. */
export async function call<T>(operation: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
    const response = await send(`/op/${operation}`, jsonRequest(body, "application/json", signal));
    if (!response.ok) throw await failure(response);
    return parseJson(await response.text()) as unknown as T;
}

/** Calls an operation and gives its result as text: "text/csv", "text/markdown". */
export async function callText(operation: string, body: unknown, accept: string): Promise<string> {
    const response = await send(`/op/${operation}`, jsonRequest(body, accept));
    if (!response.ok) throw await failure(response);
    return response.text();
}

// --- server-sent events ---

export interface ServerEvent {
    name: string;
    data: Json;
}

/** Cuts a stream of bytes into events; comments (heartbeats) are dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let buffered = "";
    try {
        for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            buffered += decoder.decode(value, { stream: true });
            for (let end = buffered.indexOf("\n\n"); end >= 0; end = buffered.indexOf("\n\n")) {
                const event = readEvent(buffered.slice(0, end));
                buffered = buffered.slice(end + 2);
                if (event) yield event;
            }
        }
    } finally {
        reader.cancel().catch(() => {});
    }
}

function readEvent(block: string): ServerEvent | null {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
        if (line.startsWith("event:")) name = line.slice(6).trim();
        else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    }
    return data.length ? { name, data: parseJson(data.join("\n")) } : null;
}

// --- answers ---

export function emptyAnswer(question: string | null = null): Answer {
    return {
        id: null, status: "working", question, paraphrase: null, plan: null, planner: null, chips: [], assumed: [], sql: null, dialect: null,
        columns: [], rows: [], display: [], sections: [], chart: null, summary: null, facts: [], basis: null, verified: null,
        suggestions: [], recommendations: [], reason: null, alternatives: [], row_count: 0, truncated: false, timing_ms: {},
        conversation: null,
    };
}

/** What the guard says of SQL that it does not let run: no failure, but an answer. */
const GUARD_CODES = new Set<string>(["UNSAFE", "INVALID_SQL"]);

/** What an event adds to an answer; a new object, so that whoever shows it sees that it changed. */
export function applyEvent(answer: Answer, event: ServerEvent): Answer {
    const data = event.data as { [name: string]: never };
    switch (event.name) {
        case "understood": return { ...answer, ...(data as Partial<Answer>) };
        case "sql": return { ...answer, sql: data["text"] ?? null, dialect: data["dialect"] ?? null };
        case "columns": return { ...answer, columns: data["columns"] ?? [] };
        case "rows": return { ...answer, rows: answer.rows.concat(data["rows"] ?? []), display: answer.display.concat(data["display"] ?? []) };
        case "sections": return { ...answer, sections: data["sections"] ?? [] };
        case "chart": return { ...answer, chart: data as never };
        case "summary":
            return { ...answer, summary: data["markdown"] ?? null, facts: data["facts"] ?? [], basis: data["basis"] ?? answer.basis };
        case "verify": return { ...answer, verified: data as never };
        case "suggestions":
            return { ...answer, suggestions: data["suggestions"] ?? [], recommendations: data["recommendations"] ?? [] };
        case "clarify":
        case "refuse":
            return {
                ...answer,
                status: event.name === "clarify" ? "clarify" : "refused",
                reason: { code: data["code"] ?? "", message: data["message"] ?? "", nearest: data["nearest"] ?? [] },
                alternatives: data["alternatives"] ?? [],
                suggestions: data["suggestions"] ?? [],
            };
        case "error": return { ...answer, status: GUARD_CODES.has(data["code"] ?? "") ? "refused" : "error", reason: { code: data["code"] ?? "", message: data["message"] ?? "" } };
        case "done": return { ...answer, ...(data as Partial<Answer>), rows: answer.rows };
        default: return answer;
    }
}

/** Asks, and tells of every step; gives the whole answer at the end. What cannot be answered is an answer too. */
export async function stream(
    operation: string,
    body: object,
    signal?: AbortSignal,
    watch: (answer: Answer) => void = () => {},
): Promise<Answer> {
    let answer = emptyAnswer();
    const response = await send(`/op/${operation}`, jsonRequest(body, "text/event-stream", signal));
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
        if (!response.ok) throw await failure(response);
        throw new ApiError("HTTP", "The server gave something else than an answer.", response.status);
    }
    for await (const event of readEvents(response.body!)) {
        answer = applyEvent(answer, event);
        watch(answer);
    }
    if (answer.status === "working") throw new ApiError("BROKEN", "The connection broke before the answer was complete. Ask again.");
    return answer;
}

// --- names that a plan can use ---

/** Measures that the data cannot give are left out: the server would decline them. */
export async function loadFields(dataset: string | null): Promise<Fields> {
    const fields = await call<Fields>("fields", dataset ? { dataset } : {});
    return { ...fields, measures: fields.measures.filter((measure) => measure.available !== false) };
}

export async function loadValues(of: string, search: string, dataset: string | null, signal?: AbortSignal): Promise<FieldValue[]> {
    const body = { of, limit: 50, ...(search ? { search } : {}), ...(dataset ? { dataset } : {}) };
    const found = await call<{ values?: FieldValue[] }>("fields", body, signal);
    return found.values ?? [];
}

// --- uploads and imports ---

const PIECE_BYTES = 8 * 1024 * 1024;
const RETRIES = 6;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a file in pieces. A broken connection is tried again from where the server stands. */
export async function uploadFile(file: File, watch: (sent: number) => void, signal: AbortSignal): Promise<Upload> {
    const begun = await send("/uploads", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name: file.name, size: file.size }),
        signal,
    });
    if (!begun.ok) throw await failure(begun);
    let upload = parseJson(await begun.text()) as unknown as Upload;
    for (let failed = 0; !upload.complete && upload.offset < file.size; ) {
        const piece = file.slice(upload.offset, upload.offset + PIECE_BYTES);
        try {
            const response = await send(`/uploads/${upload.id}?offset=${upload.offset}`, {
                method: "PUT",
                headers: { "Content-Type": "application/octet-stream" },
                body: piece,
                signal,
            });
            if (!response.ok && response.status !== 409) throw await failure(response);
            if (response.ok) upload = parseJson(await response.text()) as unknown as Upload;
            else upload = await get<Upload>(`/uploads/${upload.id}`);
            failed = 0;
        } catch (error) {
            const again = error instanceof ApiError && (error.code === "UNREACHABLE" || error.status >= 500);
            if (!again || signal.aborted || ++failed > RETRIES) throw error;
            await pause(300 * 2 ** failed);
            upload = await get<Upload>(`/uploads/${upload.id}`).catch(() => upload);
        }
        watch(upload.offset);
    }
    return upload;
}

export async function startImport(body: object): Promise<Import> {
    const response = await send("/imports", jsonRequest(body, "application/json"));
    if (!response.ok) throw await failure(response);
    return parseJson(await response.text()) as unknown as Import;
}

/** Follows an import to its end. */
export async function followImport(id: string, watch: (state: Import) => void): Promise<Import> {
    const response = await send(`/imports/${id}/events`, { headers: { Accept: "text/event-stream" } });
    if (!response.ok) throw await failure(response);
    let last: Import | null = null;
    for await (const event of readEvents(response.body!)) {
        const state = event.data as unknown as Import;
        if (event.name === "error") return { ...(last ?? { id, progress: {} }), ...state, id, status: state.status === "cancelled" ? "cancelled" : "failed" };
        last = state;
        watch(state);
        if (event.name === "done") return state;
    }
    return get<Import>(`/imports/${id}`);
}

export async function stopImport(id: string): Promise<void> {
    await send(`/imports/${id}`, { method: "DELETE" });
}

export const exportAddress = (dataset: string, format: "csv" | "parquet"): string =>
    `${ROOT}/datasets/${encodeURIComponent(dataset)}/export?format=${format}`;
