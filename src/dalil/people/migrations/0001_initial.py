import django.db.models.deletion
from django.db import migrations, models

import dalil.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Circle",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=dalil.people.models.random_id,
                        editable=False,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("colour", models.CharField(max_length=24, unique=True)),
                ("sign_public", models.CharField(max_length=64)),
                ("seal_recipient", models.CharField(max_length=120)),
                ("home", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["colour"],
            },
        ),
        migrations.CreateModel(
            name="SpentStep",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("until_hour", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("until_hour", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=dalil.people.models.random_id,
                        editable=False,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("pseudonym", models.CharField(max_length=32, unique=True)),
                ("role", models.CharField(max_length=16)),
                ("status", models.CharField(max_length=16)),
                ("passphrase", models.CharField(max_length=256)),
                ("totp_secret", models.BinaryField(default=b"")),
                ("totp_on", models.BooleanField(default=False)),
                ("session_nonce", models.CharField(default=dalil.people.models.random_id, max_length=32)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="people.circle"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("purpose", models.CharField(max_length=8)),
                ("role", models.CharField(max_length=16)),
                ("founding", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField()),
                ("circle", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.circle")),
                (
                    "member",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="people.member"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.member")),
            ],
        ),
        migrations.CreateModel(
            name="Vouching",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=8)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.member"
                    ),
                ),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.member"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("member", "peer", "act"), name="vouching_once")],
            },
        ),
    ]
