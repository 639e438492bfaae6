// A chart in the page: loads ECharts when it is first needed, follows the width of its box and the theme, and can be saved.

import { useEffect, useRef, useState } from "preact/hooks";
import { saveFile } from "../components/parts.tsx";
import { useStore } from "../store.ts";
import { chartHeight, fitted, type Category, type ChartKind, type ChartModel, type Series } from "./model.ts";
import { chartOption, focusOf } from "./option.ts";
import { readPalette } from "./palette.ts";

const library = (): Promise<typeof import("./echarts.ts")> => import("./echarts.ts");

/** Fetches the charts' code ahead of the first chart. */
export const prefetchCharts = (): void => void library();

interface Props {
    model: ChartModel;
    kind: ChartKind;
    title: string;
    height?: number;
    onPick?: (category: Category, series: Series | null) => void;
}

export function Chart({ model, kind, title, height, onPick }: Props) {
    const box = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(0);
    const [scheme, setScheme] = useState(0);
    const [failed, setFailed] = useState(false);
    const theme = useStore((state) => state.theme);
    const tall = height ?? chartHeight(model, kind);
    const pick = useRef(onPick);
    pick.current = onPick;

    useEffect(() => {
        const watcher = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
        if (box.current) watcher.observe(box.current);
        const dark = window.matchMedia("(prefers-color-scheme: dark)");
        const onScheme = (): void => setScheme((count) => count + 1);
        dark.addEventListener("change", onScheme);
        return () => {
            watcher.disconnect();
            dark.removeEventListener("change", onScheme);
        };
    }, []);

    useEffect(() => {
        if (!box.current || width < 40) return;
        let dispose = (): void => {};
        let gone = false;
        library().then(({ init }) => {
            if (gone || !box.current) return;
            const chart = init(box.current, null, { renderer: "canvas", width, height: tall });
            chart.setOption(chartOption(model, kind, readPalette(), width));
            chart.on("click", (event) => {
                const focus = focusOf(event as never, kind);
                const shown = fitted(model, kind);
                const category = focus ? shown.categories[focus.category] : null;
                if (focus && category) pick.current?.(category, shown.seriesColumn ? (shown.series[focus.series] ?? null) : null);
            });
            dispose = () => chart.dispose();
        }, () => setFailed(true));
        return () => {
            gone = true;
            dispose();
        };
    }, [model, kind, width, theme, scheme, tall]);

    if (failed) return <p class="quiet">The chart's code could not be loaded; the table holds the same numbers.</p>;
    return <div class="chart" role="img" aria-label={`${title} (chart; the table below holds the same numbers)`} ref={box} style={{ height: `${tall}px` }} />;
}

const EXPORT_WIDTH = 1200;

/** Saves a chart as a picture of its own size, whatever the window's. */
export async function saveChart(model: ChartModel, kind: ChartKind, format: "png" | "svg", name: string): Promise<void> {
    const { init } = await library();
    const palette = readPalette();
    const height = chartHeight(model, kind);
    const option = { ...chartOption(model, kind, palette, EXPORT_WIDTH), backgroundColor: palette.surface };
    if (format === "svg") {
        const chart = init(null, null, { renderer: "svg", ssr: true, width: EXPORT_WIDTH, height });
        chart.setOption(option);
        saveFile(name, new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }));
        chart.dispose();
        return;
    }
    const canvas = document.createElement("div");
    const chart = init(canvas, null, { renderer: "canvas", width: EXPORT_WIDTH, height, devicePixelRatio: 2 });
    chart.setOption(option);
    const picture = chart.renderToCanvas({ pixelRatio: 2 });
    picture.toBlob((blob) => {
        if (blob) saveFile(name, blob);
        chart.dispose();
    }, "image/png");
}
