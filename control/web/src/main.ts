// The page's entry.
import { applyTheme } from "./elements/theme.ts";
import "./app.ts";

applyTheme();
