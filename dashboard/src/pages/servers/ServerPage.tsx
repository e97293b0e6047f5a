import { PageTitle } from '../../components/PageTitle';

export default function ServerPage() {
  return <PageTitle title="ServerPage" />;
}
