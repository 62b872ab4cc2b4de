from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="UploadToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(max_length=8)),
                ("expires_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.member"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="uploadtoken",
            constraint=models.UniqueConstraint(fields=("member", "label"), name="token_label_once"),
        ),
    ]
