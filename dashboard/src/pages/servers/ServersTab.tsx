import { PageTitle } from '../../components/PageTitle';

export default function ServersTab() {
  return <PageTitle title="ServersTab" />;
}
