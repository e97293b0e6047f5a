import { PageTitle } from '../../components/PageTitle';

export default function MintPage() {
  return <PageTitle title="MintPage" />;
}
