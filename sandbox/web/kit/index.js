// Block Kit in a browser: from blocks to DOM nodes, and from what a person does to one call of `context`.
// Talks to no server and keeps no workspace; it never turns data into markup.
//
// Styles: <link rel="stylesheet" href="/page/kit/kit.css">. Colours are custom properties `--kit-…`; the theme follows
// prefers-color-scheme, or `data-theme="light|dark"` on <html>. Wrap what is rendered in an element of class "kit".
//
//   renderBlocks(blocks, context)        -> DocumentFragment. Rendering a message again keeps what was chosen or typed
//                                           in it and not sent, an open menu and the focus (by container, block_id and
//                                           action_id).
//   updateBlocks(host, blocks, context)  -> the same into `host`, in which blocks that have not changed keep their nodes:
//                                           the cheap way for a message that was edited. Use it rather than renderBlocks
//                                           whenever the message is on the page already.
//   renderMrkdwn(text, context)          -> DocumentFragment, for a message's `text` when it has no blocks.
//   renderPlain(text, context)           -> the same for plain_text: emoji and line breaks, no markup.
//   renderHome(view, context)            -> DocumentFragment of App Home; `view` as in Slack's JSON, or null.
//   openModal(view, context)             -> pushes a modal (`view` as in Slack's JSON: id, hash, title, blocks, …).
//   updateModal(view, context)           -> changes the open modal of that id; what was typed under the same block_id and
//                                           action_id stays.
//   closeModal(id)                       -> takes that modal away; without an id the one in front. Tells nobody.
//   showModals(views, context)           -> makes the screen hold exactly these, the one in front last: opens, pushes,
//                                           updates and closes as needed. Calling it twice with the same changes nothing,
//                                           so a live feed may simply call it with every state.
//   forget(context)                      -> drops what was touched in that container (a deleted message).
//   bare(text, context)                  -> the words of mrkdwn as one line without markup, for notifications and titles.
//
// context = {
//   me,                    the id of the person who looks. Touched state is kept per person.
//   surface,               "message" | "modal" | "home"; openModal and renderHome set it themselves.
//   container,             {channel, ts} of a message (an ephemeral one too) | {view_id}; modals and home set it themselves.
//   names: {
//     user(id)             -> {name, real_name?} | null      (name: the handle; real_name is what is shown)
//     channel(id)          -> {name, private?} | null
//     usergroup(id)        -> {handle} | null
//   },
//   people(), channels(),  -> [{id, name, real_name?, bot?}], [{id, name, kind: "public"|"private"|"im"|"mpim", archived?}]
//   zone,                  IANA name of the reader's zone, or undefined for the browser's.
//   now(),                 -> milliseconds: the sandbox's clock, for "today" and "yesterday".
//   act({surface, container, block_id, action_id, element, value, state})
//                          -> Promise<{timeout?: boolean, error?: string}>. `value`: the element's state in Slack's shape
//                          ({type, selected_option} …), null for buttons, {type, selected_option} for overflow.
//                          `state`: every other element of the same container, {block_id: {action_id: shape}}.
//                          POST /control/act takes {as, ...container, block_id, action_id, value, state}.
//                          A timeout shows Slack's warning triangle beside the element.
//   options({surface, container, block_id, action_id, element, query})
//                          -> Promise<{options?: […], option_groups?: […], timeout?: boolean}>; POST /control/options.
//   submit(view, values)   -> Promise<{errors?: {block_id: text}, timeout?: boolean, error?: string, views?: [View, …]}>.
//                          POST /control/submit_view {as, view_id, values} answers exactly that. `views` is the stack
//                          after it; when it is there, the kit shows it (showModals) and the page need not.
//   closed(view, {everything})
//                          a person closed a modal: POST /control/close_view {as, view_id, everything}. The kit has taken
//                          it off the screen already.
//   openLink(url),         a button with a url was pressed (links in text are <a target="_blank"> and open by themselves).
//   openChannel(id),       a channel's name was clicked.
//   openUser(id),          a person's name was clicked; may be absent.
// }
//
// Also over HTTP: POST /control/home {as} opens App Home (app_home_opened to the bot) and answers {view: View | null};
// GET /control/view?who=ana&what=home, GET /control/view?who=ana and GET /control/views?who=ana (the stack) look.

export { renderBlocks, updateBlocks } from "./blocks.js";
export { renderHome } from "./home.js";
export { closeModal, openModal, showModals, updateModal } from "./modal.js";
export { forget } from "./touched.js";
export { bare, renderMrkdwn } from "./words.js";
import { renderPlain as plain } from "./words.js";

export const renderPlain = (text, context) => plain(text, context);
