// The page's entry.
import "./kit.ts";
import { applyTheme } from "./elements/theme.ts";
import "./app.ts";

applyTheme();
