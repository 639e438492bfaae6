// What pages show while no bill is loaded.

import { Empty } from "../components/parts.tsx";

export function NothingLoaded() {
    return (
        <Empty icon="data" title="No bill is loaded yet">
            <p>Drop in an AWS Cost and Usage Report, a FOCUS export or any CSV, or try a sample bill.</p>
            <a class="button primary" href="/data">Bring in data</a>
        </Empty>
    );
}
