// The activity of one account: D's view, held to it.
export default function ActivityTab() {
  return null;
}
