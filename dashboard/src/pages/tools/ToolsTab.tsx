import { PageTitle } from '../../components/PageTitle';

export default function ToolsTab() {
  return <PageTitle title="ToolsTab" />;
}
