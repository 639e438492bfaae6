// Files on their way to the server, and the import that follows. Files go one after the other: the disk and the wire are shared anyway.

import { loadDataSets, messageOf } from "./actions.ts";
import { followImport, startImport, uploadFile } from "./api.ts";
import type { Import } from "./contract.ts";
import { getState, update, type FileUpload } from "./store.ts";

const files = new Map<number, File>();
const controllers = new Map<number, AbortController>();
let nextKey = 1;
let sending = false;

function change(key: number, changed: Partial<FileUpload>): void {
    update((state) => ({ uploads: state.uploads.map((upload) => (upload.key === key ? { ...upload, ...changed } : upload)) }));
}

export const isUploading = (uploads: FileUpload[]): boolean => uploads.some((upload) => upload.state === "waiting" || upload.state === "sending");

export function addFiles(added: File[]): void {
    const uploads = added.map((file): FileUpload => {
        const key = nextKey++;
        files.set(key, file);
        return { key, name: file.name, size: file.size, sent: 0, state: "waiting" };
    });
    update((state) => ({ uploads: [...state.uploads, ...uploads], import_message: "", import: state.import?.status === "running" ? state.import : null }));
    void sendWaiting();
}

async function sendWaiting(): Promise<void> {
    if (sending) return;
    sending = true;
    for (let next = waiting(); next; next = waiting()) await sendOne(next);
    sending = false;
}

const waiting = (): FileUpload | undefined => getState().uploads.find((upload) => upload.state === "waiting");

async function sendOne(upload: FileUpload): Promise<void> {
    const controller = new AbortController();
    controllers.set(upload.key, controller);
    change(upload.key, { state: "sending" });
    try {
        const done = await uploadFile(files.get(upload.key)!, (sent) => change(upload.key, { sent }), controller.signal);
        change(upload.key, { state: "sent", sent: upload.size, id: done.id });
    } catch (error) {
        if (!controller.signal.aborted) change(upload.key, { state: "failed", message: messageOf(error) });
    } finally {
        controllers.delete(upload.key);
    }
}

export function resumeUpload(key: number): void {
    change(key, { state: "waiting", message: "" });
    void sendWaiting();
}

export function removeUpload(key: number): void {
    controllers.get(key)?.abort();
    files.delete(key);
    update((state) => ({ uploads: state.uploads.filter((upload) => upload.key !== key) }));
}

async function follow(begin: () => Promise<Import>): Promise<void> {
    update({ import_message: "", import: null });
    try {
        const begun = await begin();
        update({ import: begun });
        const ended = await followImport(begun.id, (state) => update({ import: state }));
        update({ import: ended });
        if (ended.status !== "done") return;
        files.clear();
        update((state) => ({ uploads: [], turns: [], explore: null, measure: null, period: null, data_version: state.data_version + 1 }));
        await loadDataSets();
    } catch (error) {
        update({ import_message: messageOf(error), import: null });
    }
}

export const importUploads = (replace: boolean): Promise<void> =>
    follow(() => startImport({ uploads: getState().uploads.flatMap((upload) => (upload.id ? [upload.id] : [])), ...(replace ? { replace } : {}) }));

export const importSample = (): Promise<void> => follow(() => startImport({ sample: { rows: 20000 } }));
