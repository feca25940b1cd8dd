"""How far the items of each scale agree, by framework version and round of asking."""

from alembic import op

from services.chassis.migrate import protect

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One row a scale: what the newest run found that may be shown, and of how many people."""
    op.execute(
        """
        CREATE TABLE reliability (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            version integer NOT NULL,
            wave text NOT NULL,
            scale text NOT NULL,
            asked bigint NOT NULL,
            n bigint NOT NULL,
            outcome jsonb NOT NULL,
            warnings text[] NOT NULL,
            computed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, framework_id, version, wave, scale),
            FOREIGN KEY (tenant_id, framework_id, version)
                REFERENCES framework_versions (tenant_id, framework_id, version)
        )
        """
    )
    protect("reliability", "scoring")
