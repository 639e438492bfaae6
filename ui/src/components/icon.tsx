// Icons, drawn as strokes in the colour of the text around them. They are decoration: what they mean is said in words beside them.

const PATHS = {
    data: "M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3zM4 6v6c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12v6c0 1.700 3.600 3 8 3s8-1.300 8-3v-6",
    overview: "M4 4h7v8H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 14h7v6H4z",
    ask: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
    architecture: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    owners: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6.500 7-6.500s7 2.500 7 6.500M16 3.500a4 4 0 0 1 0 7M18 14.800c2.500.8 4 3 4 6.200",
    explore: "M4 6h10M18 6h2M4 12h3M11 12h9M4 18h8M16 18h4M16 4v4M9 10v4M14 16v4",
    activity: "M3 12h4l3-8 4 16 3-8h4",
    settings: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 2.500v3M12 18.500v3M2.500 12h3M18.500 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M5.300 18.700l2.100-2.100M16.600 7.400l2.100-2.100",
    menu: "M4 7h16M4 12h16M4 17h16",
    close: "M6 6l12 12M18 6L6 18",
    down: "M6 9l6 6 6-6",
    right: "M9 6l6 6-6 6",
    up: "M6 15l6-6 6 6",
    plus: "M12 5v14M5 12h14",
    search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
    send: "M5 12h13M12 5.500l6.500 6.500-6.500 6.500",
    stop: "M7 7h10v10H7z",
    copy: "M9 9h11v11H9zM15 9V4H4v11h5",
    link: "M10 14a4.500 4.500 0 0 0 6.400 0l3-3a4.500 4.500 0 0 0-6.400-6.400L12 5.700M14 10a4.500 4.500 0 0 0-6.400 0l-3 3A4.500 4.500 0 0 0 11 19.400l1-1.100",
    download: "M12 4v11M7 10.500l5 5 5-5M4 20h16",
    upload: "M12 16V5M7 9.500l5-5 5 5M4 20h16",
    code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.500 4l-3 16",
    check: "M4 12.500l5.500 5.500L20 6.500",
    warning: "M12 3.500L2.500 20h19zM12 10v4.500M12 17.200v.1",
    info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.800v.1",
    idea: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.600 10.800c.7.600 1.100 1.300 1.100 2.200h5c0-.9.4-1.600 1.100-2.200A6 6 0 0 0 12 3z",
    sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
    moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z",
    auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8h6.800M12 12h8.500M12 16h6.800",
    calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    measure: "M4 20V10M10 20V4M16 20v-7M21 20H3",
    filter: "M4 5h16l-6 7.500V19l-4 1.500v-8z",
    trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
    file: "M6 3h8l5 5v13H6zM14 3v5h5",
    table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14",
    history: "M4 12a8 8 0 1 0 2.500-5.800L4 8.500M4 4v4.500h4.500M12 8v4.500l3 2",
    thumbUp: "M7 11v9H4v-9zM7 11l4-8c1.700 0 2.700 1 2.700 2.600L13 9h5.500c1.300 0 2.200 1.200 1.900 2.400l-1.600 6.800c-.2 1-1.100 1.800-2.200 1.800H7",
    thumbDown: "M17 13V4h3v9zM17 13l-4 8c-1.700 0-2.700-1-2.700-2.600L11 15H5.500c-1.300 0-2.200-1.200-1.900-2.400l1.600-6.800C5.400 4.800 6.300 4 7.400 4H17",
    zoomIn: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5M11 8v6M8 11h6",
    zoomOut: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5M8 11h6",
    external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    compare: "M8 4v16M16 4v16M4 8l4-4 4 4M12 16l4 4 4-4",
    number: "M9 4L7 20M17 4l-2 16M4 9h17M3 15h17",
    bar: "M4 6h12M4 12h16M4 18h8M4 3v18",
    line: "M3 17l6-6 4 4 8-9",
    area: "M3 17l6-6 4 4 8-9v14H3z",
    stacked: "M5 20V9h4v11zM5 14h4M11 20V5h4v15zM11 12h4M17 20v-8h4v8zM17 16h4",
    treemap: "M4 4h16v16H4zM13 4v16M13 11h7M4 14h9",
    heatmap: "M4 4h16v16H4zM4 9.300h16M4 14.700h16M9.300 4v16M14.700 4v16",
    sankey: "M3 5c8 0 10 4 18 4M3 9c8 0 10 0 18 0M3 15c8 0 10-2 18-2M3 19c8 0 10 0 18-2",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
    return (
        <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    );
}
