// Data: bringing bills in, and what is loaded.

import { useRef, useState } from "preact/hooks";
import { messageOf } from "../actions.ts";
import { exportAddress, stopImport, stream } from "../api.ts";
import { Icon } from "../components/icon.tsx";
import { Failure, Skeleton, useLoaded } from "../components/parts.tsx";
import { Popover } from "../components/popover.tsx";
import { Table } from "../components/table.tsx";
import type { DataSet, Import } from "../contract.ts";
import { displayBytes, displayCount } from "../number.ts";
import { update, useStore } from "../store.ts";
import { addFiles, importSample, importUploads, isUploading, removeUpload, resumeUpload } from "../uploads.ts";
import { AthenaGuide } from "./data-guide.tsx";
import { ProfileView } from "./data-profile.tsx";

export function DataPage() {
    const datasets = useStore((state) => state.datasets);
    return (
        <div class="columns data-page">
            <section class="panel" aria-labelledby="bring-in">
                <h2 id="bring-in">Bring in data</h2>
                <DropZone />
                <UploadList />
                <ImportState />
            </section>
            {datasets.length > 0 && <DataSets />}
            {datasets.length > 0 && <Current />}
            <AthenaGuide />
        </div>
    );
}

function DropZone() {
    const [over, setOver] = useState(false);
    const input = useRef<HTMLInputElement>(null);
    const drop = (event: DragEvent): void => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer?.files.length) addFiles([...event.dataTransfer.files]);
    };
    return (
        <div class={`drop${over ? " over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
            <Icon name="upload" size={30} />
            <p><strong>Drop files here</strong></p>
            <p class="quiet">AWS Cost and Usage Reports, FOCUS exports, any CSV; .csv, .gz, .zip, .parquet, several at once</p>
            <div class="row centre">
                <button type="button" class="button primary" onClick={() => input.current?.click()}>Choose files</button>
                <button type="button" class="button" onClick={() => void importSample()}>Try a sample bill</button>
            </div>
            <input ref={input} type="file" multiple class="unseen" tabIndex={-1} aria-label="Files to bring in"
                onChange={(event) => { addFiles([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
        </div>
    );
}

function UploadList() {
    const uploads = useStore((state) => state.uploads);
    const running = useStore((state) => state.import?.status === "running");
    const datasets = useStore((state) => state.datasets);
    const [replace, setReplace] = useState(false);
    if (!uploads.length) return null;
    const ready = uploads.every((upload) => upload.state === "sent");
    return (
        <div class="uploads">
            <ul class="upload-list" aria-label="Files">
                {uploads.map((upload) => (
                    <li class={`upload ${upload.state}`}>
                        <Icon name={upload.state === "sent" ? "check" : upload.state === "failed" ? "warning" : "file"} size={17} />
                        <span class="upload-name">{upload.name}</span>
                        <span class="quiet">{upload.state === "sent" || upload.state === "failed" ? displayBytes(upload.size) : `${displayBytes(upload.sent)} of ${displayBytes(upload.size)}`}</span>
                        {upload.state === "failed" && <button type="button" class="button small" onClick={() => resumeUpload(upload.key)}>Go on</button>}
                        <button type="button" class="button small bare" title={`Take ${upload.name} off the list`} aria-label={`Take ${upload.name} off the list`} onClick={() => removeUpload(upload.key)}><Icon name="close" size={14} /></button>
                        {upload.state === "sending" && <progress max={Math.max(1, upload.size)} value={upload.sent} aria-label={`Upload of ${upload.name}`} />}
                        {upload.message && <p class="upload-message" role="alert">{upload.message}</p>}
                    </li>
                ))}
            </ul>
            <div class="row">
                <button type="button" class="button primary" disabled={!ready || running} onClick={() => void importUploads(replace)}>
                    {uploads.length === 1 ? "Import" : `Import ${uploads.length} files together`}
                </button>
                {datasets.length > 0 && (
                    <label class="check"><input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />replace everything that is loaded</label>
                )}
                {isUploading(uploads) && <span class="quiet" role="status">Uploading …</span>}
            </div>
            <p class="quiet small-text">Files of one shape are united. A billing period that comes anew replaces the old one as a whole; the same charges in two formats are refused, with the reason.</p>
        </div>
    );
}

function ImportState() {
    const state = useStore((have) => have.import);
    const message = useStore((have) => have.import_message);
    if (message) return <Failure message={message} />;
    if (!state) return null;
    if (state.status === "running") return <Running state={state} />;
    if (state.status === "cancelled") return <p class="note"><Icon name="info" size={16} />The import was stopped. What was loaded before is as it was.</p>;
    if (state.status === "failed") return <Failure message={state.reason?.message ?? "The import failed."} />;
    const report = state.report;
    if (!report) return null;
    return (
        <div class="import-done" role="status">
            <p><Icon name="check" size={18} /><strong>{report.unchanged ? "These files are loaded already; nothing changed." : `${displayCount(report.row_count)} lines are imported.`}</strong></p>
            <ul>
                {report.datasets.map((dataset) => (
                    <li>
                        {dataset.format}: {displayCount(dataset.row_count)} lines{dataset.periods?.length ? `, ${dataset.periods.join(", ")}` : ""}
                        {dataset.services ? `, ${dataset.services} services` : ""}{dataset.accounts ? `, ${dataset.accounts} accounts` : ""}
                    </li>
                ))}
                {[...(report.notes ?? []), ...(report.odd ?? [])].map((note) => <li class="note">{noteText(note)}</li>)}
            </ul>
            <div class="row"><a class="button primary" href="/overview">See the overview</a><a class="button" href="/ask">Ask a question</a></div>
        </div>
    );
}

export function noteText(note: unknown): string {
    if (typeof note === "string") return note;
    const object = note as { message?: string; text?: string; note?: string; what?: string };
    return object.message ?? object.text ?? object.note ?? object.what ?? JSON.stringify(note);
}

function Running({ state }: { state: Import }) {
    const progress = state.progress;
    const fraction = Number(progress.fraction ?? -1);
    return (
        <div class="import-running" role="status">
            <p><strong>{progress.what ?? "Importing"}</strong> {progress.rows ? <span class="quiet">{displayCount(progress.rows)} lines</span> : null}</p>
            {fraction >= 0 ? <progress max={1} value={fraction} aria-label="Import" /> : <progress aria-label="Import" />}
            <button type="button" class="button small" onClick={() => void stopImport(state.id).catch((error: unknown) => update({ import_message: messageOf(error) }))}>Stop</button>
        </div>
    );
}

function DataSets() {
    const datasets = useStore((state) => state.datasets);
    return (
        <section class="panel" aria-labelledby="loaded">
            <h2 id="loaded">Loaded</h2>
            <ul class="dataset-list">
                {datasets.map((dataset) => <DataSetRow dataset={dataset} />)}
            </ul>
        </section>
    );
}

function DataSetRow({ dataset }: { dataset: DataSet }) {
    const facts = [
        dataset.snapshots?.[0]?.format, dataset.row_count !== undefined ? `${displayCount(dataset.row_count)} ${dataset.row_label ?? "rows"}` : null,
        dataset.columns ? `${dataset.columns} columns` : null, dataset.first_day ? `${dataset.first_day} to ${dataset.last_day ?? ""}` : null, dataset.currencies?.join(", "),
    ];
    return (
        <li class="dataset">
            <div>
                <strong>{dataset.label ?? dataset.name}</strong>
                <span class="quiet">{facts.filter(Boolean).join(" · ")}</span>
                {dataset.source_label && <span class="quiet small-text breakable">{dataset.source_label}</span>}
            </div>
            <Popover class="button small" align="right" title={`Export ${dataset.name}`} label={<><Icon name="download" size={15} />Export</>}>
                {() => (
                    <ul class="choice-list">
                        <li><a class="choice" data-item data-autofocus href={exportAddress(dataset.name, "csv")} download><span>CSV</span><small>all lines, normalised</small></a></li>
                        <li><a class="choice" data-item href={exportAddress(dataset.name, "parquet")} download><span>Parquet</span><small>all lines, normalised</small></a></li>
                    </ul>
                )}
            </Popover>
        </li>
    );
}

const PREVIEW_ROWS = 100;

function Current() {
    const dataset = useStore((state) => state.dataset);
    const version = useStore((state) => state.data_version);
    const profile = useStore((state) => state.profile);
    const [preview, again] = useLoaded((signal) => {
        const body = { limit: PREVIEW_ROWS, ...(dataset ? { dataset } : {}) };
        return stream("preview", body, signal);
    }, [dataset, version]);
    return (
        <>
            {profile ? <ProfileView profile={profile} /> : <section class="panel"><Skeleton lines={6} /></section>}
            <section class="panel wide" aria-labelledby="preview">
                <h2 id="preview">First lines</h2>
                {preview.state === "loading" && <Skeleton height={320} />}
                {preview.state === "failed" && <Failure message={preview.message} again={again} />}
                {preview.state === "ready" && <Table columns={preview.value.columns} rows={preview.value.rows} display={preview.value.display} caption="First lines of the data set" visible={10} />}
            </section>
        </>
    );
}
