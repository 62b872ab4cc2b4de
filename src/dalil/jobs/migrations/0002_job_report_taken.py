from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("jobs", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(model_name="job", name="report", field=models.JSONField(default=dict)),
        migrations.CreateModel(
            name="Taken",
            fields=[("mark", models.CharField(max_length=64, primary_key=True, serialize=False))],
        ),
    ]
