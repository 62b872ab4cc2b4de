from django.db import migrations, models

import dalil.jobs.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("order", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "job_id",
                    models.CharField(default=dalil.jobs.models.random_id, editable=False, max_length=32, unique=True),
                ),
                ("kind", models.CharField(max_length=64)),
                ("circle", models.CharField(blank=True, default="", max_length=32)),
                ("payload", models.JSONField(default=dict)),
                ("steps", models.JSONField(default=list)),
                ("step", models.PositiveIntegerField(default=0)),
                ("checkpoint", models.JSONField(default=dict)),
                ("state", models.CharField(default="queued", max_length=16)),
                ("once", models.CharField(blank=True, default="", max_length=128)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("worker", models.CharField(blank=True, default="", max_length=32)),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("unit", models.CharField(blank=True, default="", max_length=24)),
                ("error_code", models.CharField(blank=True, default="", max_length=64)),
                ("queued_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "order"], name="job_state_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "running")), models.Q(("once", ""), _negated=True)),
                        fields=("once",),
                        name="job_once",
                    )
                ],
            },
        ),
    ]
